import { Builder } from 'flatbuffers';

/** Fields of a table by number. */
export type Fields = Readonly<Record<number, Field>>;

type Field =
  | { readonly i8: number }
  | { readonly i32: number }
  | { readonly u64: number }
  | { readonly f32: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly bytes: Uint8Array }
  | { readonly table: Fields }
  | { readonly tables: readonly Fields[] };

/** What a test says of a tensor; the rest has its default: float32, computed, no name. */
export interface TensorSketch {
  readonly name?: string;
  readonly shape?: readonly number[];
  readonly signature?: readonly number[];
  readonly type?: number;
  /** Elements of a constant. */
  readonly data?: Uint8Array | Float32Array | Int32Array;
  readonly isVariable?: boolean;
}

/** An operator by number, or by name for a custom one. */
export interface OperatorSketch {
  readonly code: number | string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Number and fields of its table of options. */
  readonly options?: readonly [type: number, fields: Fields];
  readonly customOptions?: Uint8Array;
}

export interface SubgraphSketch {
  readonly tensors: readonly TensorSketch[];
  readonly operators: readonly OperatorSketch[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export interface FileSketch {
  readonly subgraphs: readonly SubgraphSketch[];
  readonly signatures?: readonly { readonly key: string; readonly subgraph: number; readonly inputs: Readonly<Record<string, number>> }[];
  readonly description?: string;
}

/** Bytes of a `.tflite` file. */
export function tfliteFile({ subgraphs, signatures = [], description = '' }: FileSketch): Uint8Array {
  const buffers: Fields[] = [{}];
  const codes: (number | string)[] = [];
  const bufferOf = (data: TensorSketch['data']): number => {
    if (data === undefined) return 0;
    return buffers.push({ 0: { bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) } }) - 1;
  };
  const codeOf = (code: number | string): number => (codes.includes(code) ? codes.indexOf(code) : codes.push(code) - 1);
  const graphs = subgraphs.map(
    ({ tensors, operators, inputs, outputs }): Fields => ({
      0: {
        tables: tensors.map(({ name = '', shape = [], signature, type = 0, data, isVariable }) => ({
          0: { ints: shape },
          1: { i8: type },
          2: { i32: bufferOf(data) },
          3: { text: name },
          ...(isVariable && { 5: { i8: 1 } }),
          ...(signature && { 7: { ints: signature } }),
        })),
      },
      1: { ints: inputs },
      2: { ints: outputs },
      3: {
        tables: operators.map((operator) => ({
          0: { i32: codeOf(operator.code) },
          1: { ints: operator.inputs },
          2: { ints: operator.outputs },
          ...(operator.options && { 3: { i8: operator.options[0] }, 4: { table: operator.options[1] } }),
          ...(operator.customOptions && { 5: { bytes: operator.customOptions } }),
        })),
      },
    }),
  );
  return flatbufferFile({
    0: { i32: 3 },
    1: {
      tables: codes.map((code) =>
        typeof code === 'string' ? { 1: { text: code }, 3: { i32: 32 } } : { 0: { i8: Math.min(code, 127) }, 3: { i32: code } },
      ),
    },
    2: { tables: graphs },
    3: { text: description },
    4: { tables: buffers },
    7: {
      tables: signatures.map(({ key, subgraph, inputs }) => ({
        0: { tables: Object.entries(inputs).map(([name, index]) => ({ 0: { text: name }, 1: { i32: index } })) },
        2: { text: key },
        4: { i32: subgraph },
      })),
    },
  });
}

/** Bytes of a FlatBuffer with the identifier of `.tflite` files. */
export function flatbufferFile(root: Fields): Uint8Array {
  const builder = new Builder(1024);
  builder.finish(writeTable(builder, root), 'TFL3');
  return builder.asUint8Array();
}

function writeTable(builder: Builder, fields: Fields): number {
  const adders = Object.entries(fields).map(([id, field]) => fieldAdder(builder, Number(id), field));
  builder.startObject(Math.max(-1, ...Object.keys(fields).map(Number)) + 1);
  for (const add of adders) add();
  return builder.endObject();
}

function fieldAdder(builder: Builder, id: number, field: Field): () => void {
  if ('i8' in field) return () => builder.addFieldInt8(id, field.i8, 0);
  if ('i32' in field) return () => builder.addFieldInt32(id, field.i32, 0);
  if ('u64' in field) return () => builder.addFieldInt64(id, BigInt(field.u64), 0n);
  if ('f32' in field) return () => builder.addFieldFloat32(id, field.f32, 0);
  const offset = writeReferred(builder, field);
  return () => builder.addFieldOffset(id, offset, 0);
}

function writeReferred(
  builder: Builder,
  field: Exclude<Field, { i8: number } | { i32: number } | { u64: number } | { f32: number }>,
): number {
  if ('text' in field) return builder.createString(field.text);
  if ('bytes' in field) {
    builder.prep(16, field.bytes.length);
    return builder.createByteVector(field.bytes);
  }
  if ('table' in field) return writeTable(builder, field.table);
  const isTables = 'tables' in field;
  const items = isTables ? field.tables.map((table) => writeTable(builder, table)) : field.ints;
  builder.startVector(4, items.length, 4);
  for (const item of [...items].reverse()) {
    if (isTables) builder.addOffset(item);
    else builder.addInt32(item);
  }
  return builder.endVector();
}
