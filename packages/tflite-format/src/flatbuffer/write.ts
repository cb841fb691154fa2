import { Builder, type Offset } from 'flatbuffers';
import { FILE_IDENTIFIER, type Model, modelSpec } from './schema.ts';
import type { FieldType, LazyBytes, ScalarType, TableSpec, TableValue, UnionValue } from './table.ts';

const BUFFER_ALIGNMENT = 16;

/**
 * The bytes of a `.tflite` file. Equal models give equal bytes.
 *
 * Weights are written once, straight into the file.
 */
export function writeModel(model: Model<Uint8Array | LazyBytes>): Uint8Array {
  const weightBytes = model.buffers.reduce((sum, { data }) => sum + (data?.length ?? 0) + 2 * BUFFER_ALIGNMENT, 0);
  const records = model.subgraphs.reduce((sum, { tensors, operators }) => sum + tensors.length + operators.length, 0);
  // Large enough that the builder does not have to grow, which would copy all weights again.
  const builder = new Builder(align(weightBytes + 256 * records + 1024));
  builder.finish(writeTable(builder, modelSpec, model as unknown as TableValue), FILE_IDENTIFIER);
  return builder.asUint8Array();
}

const align = (size: number): number => Math.ceil(size / BUFFER_ALIGNMENT) * BUFFER_ALIGNMENT;

function writeTable(builder: Builder, spec: TableSpec, value: TableValue): Offset {
  const fields = Object.entries(spec).filter(([name]) => value[name] !== undefined);
  // What a table refers to has to be written before it is started.
  const adders = fields.map(([name, [id, type]]) => fieldAdder(builder, id, type, value[name]));
  builder.startObject(Math.max(-1, ...fields.map(([, [id]]) => id)) + 1);
  for (const add of adders) add();
  return builder.endObject();
}

function fieldAdder(builder: Builder, id: number, type: FieldType, value: unknown): () => void {
  if (type === 'string' || type === 'int32[]' || type === 'bytes') {
    const offset = writeVector(builder, type, value);
    return () => builder.addFieldOffset(id, offset, 0);
  }
  if (typeof type === 'string') return () => addScalar(builder, id, type, Number(value));
  if ('tables' in type) {
    const offset = writeOffsets(
      builder,
      (value as readonly TableValue[]).map((item) => writeTable(builder, type.tables, item)),
    );
    return () => builder.addFieldOffset(id, offset, 0);
  }
  const member = value as UnionValue;
  const [typeId, table] = type.union[member.type]!;
  const offset = writeTable(builder, table, member);
  return () => {
    builder.addFieldInt8(id - 1, typeId, 0);
    builder.addFieldOffset(id, offset, 0);
  };
}

function addScalar(builder: Builder, id: number, type: ScalarType, value: number): void {
  switch (type) {
    case 'bool':
    case 'int8':
      builder.addFieldInt8(id, value, 0);
      return;
    case 'int32':
    case 'uint32':
      builder.addFieldInt32(id, value, 0);
      return;
    case 'float32':
      builder.addFieldFloat32(id, value, 0);
  }
}

function writeVector(builder: Builder, type: 'string' | 'int32[]' | 'bytes', value: unknown): Offset {
  if (type === 'string') return builder.createString(value as string);
  if (type === 'bytes') return writeBytes(builder, value as Uint8Array | LazyBytes);
  const numbers = value as readonly number[];
  builder.startVector(4, numbers.length, 4);
  for (let i = numbers.length - 1; i >= 0; i--) builder.addInt32(numbers[i]!);
  return builder.endVector();
}

function writeBytes(builder: Builder, data: Uint8Array | LazyBytes): Offset {
  builder.prep(BUFFER_ALIGNMENT, data.length);
  if (data instanceof Uint8Array) return builder.createByteVector(data);
  // The builder fills its buffer from the end; the vector goes right before what is there, where copying it moves nothing.
  const file = builder.dataBuffer().bytes();
  const end = file.length - builder.offset();
  const place = file.subarray(end - data.length, end);
  data.write(place);
  return builder.createByteVector(place);
}

function writeOffsets(builder: Builder, offsets: readonly Offset[]): Offset {
  builder.startVector(4, offsets.length, 4);
  for (let i = offsets.length - 1; i >= 0; i--) builder.addOffset(offsets[i]!);
  return builder.endVector();
}
