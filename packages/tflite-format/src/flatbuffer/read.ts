import { ByteBuffer } from 'flatbuffers';
import { FILE_IDENTIFIER, type Model, modelSpec } from './schema.ts';
import type { FieldType, ScalarType, TableSpec, TableValue } from './table.ts';

/**
 * Read a `.tflite` file back into a plain value; fields nnm does not write are left out.
 *
 * @param bytes - a whole file; buffers in the result are views into it
 * @returns the model; absent vectors are `[]`, absent scalars 0, an absent buffer has no `data`
 * @throws `Error` when the bytes are not a `.tflite` file
 */
export function readModel(bytes: Uint8Array): Model {
  const buffer = new ByteBuffer(bytes);
  if (bytes.length < 8 || !buffer.__has_identifier(FILE_IDENTIFIER))
    throw new Error(`not a .tflite file: no "${FILE_IDENTIFIER}" at byte 4`);
  return readTable(buffer, buffer.readInt32(0), modelSpec) as unknown as Model;
}

function readTable(buffer: ByteBuffer, table: number, spec: TableSpec): TableValue {
  const entries = Object.entries(spec).map(([name, [id, type]]) => [name, readField(buffer, table, id, type)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function readField(buffer: ByteBuffer, table: number, id: number, type: FieldType): unknown {
  const position = fieldPosition(buffer, table, id);
  if (type === 'string') return position === 0 ? '' : buffer.__string(position);
  if (type === 'bytes') {
    if (position === 0) return undefined;
    const start = buffer.__vector(position);
    return buffer.bytes().subarray(start, start + buffer.__vector_len(position));
  }
  if (type === 'int32[]') return readVector(buffer, position, (item) => buffer.readInt32(item));
  if (typeof type === 'string') return position === 0 ? (type === 'bool' ? false : 0) : readScalar(buffer, position, type);
  if ('tables' in type) return readVector(buffer, position, (item) => readTable(buffer, buffer.__indirect(item), type.tables));
  const typePosition = fieldPosition(buffer, table, id - 1);
  const member = Object.entries(type.union).find(([, [typeId]]) => typePosition !== 0 && typeId === buffer.readUint8(typePosition));
  return member && { type: member[0], ...readTable(buffer, buffer.__indirect(position), member[1][1]) };
}

/** Where a field is, 0 when it is absent. */
function fieldPosition(buffer: ByteBuffer, table: number, id: number): number {
  const offset = buffer.__offset(table, 4 + 2 * id);
  return offset === 0 ? 0 : table + offset;
}

function readScalar(buffer: ByteBuffer, position: number, type: ScalarType): number | boolean {
  switch (type) {
    case 'bool':
      return buffer.readInt8(position) !== 0;
    case 'int8':
      return buffer.readInt8(position);
    case 'int32':
      return buffer.readInt32(position);
    case 'uint32':
      return buffer.readUint32(position);
    case 'float32':
      return buffer.readFloat32(position);
  }
}

function readVector<T>(buffer: ByteBuffer, position: number, read: (position: number) => T): readonly T[] {
  if (position === 0) return [];
  const start = buffer.__vector(position);
  return Array.from({ length: buffer.__vector_len(position) }, (_, index) => read(start + 4 * index));
}
