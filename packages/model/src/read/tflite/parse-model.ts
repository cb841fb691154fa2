import type { AttributeValue, ElementType } from '../../graph/model-graph.ts';
import type { Flatbuffer, Table } from './flatbuffer.ts';
import { CUSTOM, OPERATOR_NAMES, OPTIONS, type OptionField, SUBGRAPH_OPTIONS, TENSOR_TYPES } from './schema.ts';

/** Bytes of a custom operator's options that are kept: enough for the structures that convolutions and poolings have. */
const MOST_CUSTOM_BYTES = 64;

/** A file's parts that are read, each of which may be missing in a damaged one. */
export interface TfliteFile {
  readonly description: string;
  readonly subgraphs: readonly TfliteSubgraph[];
  readonly buffers: readonly TfliteBuffer[];
  readonly signatures: readonly TfliteSignature[];
}

/** Where a constant's elements are; `bytes` is 0 for a value that is computed. */
export interface TfliteBuffer {
  readonly start: number;
  readonly bytes: number;
}

export interface TfliteSignature {
  readonly key: string;
  readonly subgraph: number;
  /** Indices of tensors by the names that users of the signature know. */
  readonly inputs: ReadonlyMap<string, number>;
}

export interface TfliteSubgraph {
  readonly tensors: readonly TfliteTensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly operators: readonly TfliteOperator[];
}

export interface TfliteTensor {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  /** The shape with -1 for sizes that are free; empty when it says nothing. */
  readonly signature: readonly number[];
  readonly buffer: number;
  /** Keeps its value from call to call. */
  readonly isVariable: boolean;
}

export interface TfliteOperator {
  readonly operator: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Other subgraphs that it runs, by the option that names them. */
  readonly subgraphs: Readonly<Record<string, number>>;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Everything but the weights. */
export function parseModel(file: Flatbuffer): TfliteFile {
  const model = file.root();
  const codes = model.tables(1).map(operatorName);
  return {
    description: model.string(3),
    subgraphs: model.tables(2).map((table) => parseSubgraph(file, table, codes)),
    buffers: model.tables(4).map((table) => parseBuffer(file, table)),
    signatures: model.tables(7).map(parseSignature),
  };
}

/** Codes outgrew their first byte: readers take the larger of both fields. */
function operatorName(table: Table): string {
  const code = Math.max(table.scalar(0, 'int8'), table.scalar(3, 'int32'));
  return code === CUSTOM ? `custom::${table.string(1)}` : (OPERATOR_NAMES[code] ?? `BUILTIN_${code}`);
}

/** Weights beyond two gigabytes lie behind the FlatBuffer, at an offset that the buffer names. */
function parseBuffer(file: Flatbuffer, table: Table): TfliteBuffer {
  const start = table.scalar(1, 'uint64');
  if (start > 1) {
    const bytes = table.scalar(2, 'uint64');
    file.check(start, bytes);
    return { start, bytes };
  }
  const place = table.vector(0, 1);
  return { start: place?.start ?? 0, bytes: place?.length ?? 0 };
}

function parseSignature(table: Table): TfliteSignature {
  const inputs = table.tables(0).map((entry) => [entry.string(0), entry.scalar(1, 'uint32')] as const);
  return { key: table.string(2), subgraph: table.scalar(4, 'uint32'), inputs: new Map(inputs) };
}

function parseSubgraph(file: Flatbuffer, table: Table, codes: readonly string[]): TfliteSubgraph {
  return {
    tensors: table.tables(0).map(parseTensor),
    inputs: table.integers(1),
    outputs: table.integers(2),
    operators: table.tables(3).map((operator) => parseOperator(file, operator, codes)),
  };
}

function parseTensor(table: Table): TfliteTensor {
  return {
    name: table.string(3),
    dtype: TENSOR_TYPES[table.scalar(1, 'int8')] ?? 'other',
    shape: table.integers(0),
    signature: table.integers(7),
    buffer: table.scalar(2, 'uint32'),
    isVariable: table.boolean(5),
  };
}

function parseOperator(file: Flatbuffer, table: Table, codes: readonly string[]): TfliteOperator {
  const code = table.scalar(0, 'uint32');
  const operator = codes[code] ?? file.fail(`is damaged: an operator has the code ${code} of ${codes.length}`);
  const type = table.scalar(3, 'uint8');
  const options = table.table(4);
  return {
    operator,
    attributes: { ...parseOptions(options, OPTIONS[type] ?? {}), ...customOptions(file, table) },
    subgraphs: Object.fromEntries(
      Object.entries(SUBGRAPH_OPTIONS[type] ?? {}).map(([name, id]) => [name, options?.scalar(id, 'int32') ?? 0]),
    ),
    inputs: table.integers(1),
    outputs: table.integers(2),
  };
}

function parseOptions(table: Table | undefined, fields: Readonly<Record<string, OptionField>>): Record<string, AttributeValue> {
  const entries = Object.entries(fields).map(([name, field]) => [name, parseOption(table, field)] as const);
  return Object.fromEntries(entries);
}

function parseOption(table: Table | undefined, [id, type, fallback = 0]: OptionField): AttributeValue {
  if (type === 'int32[]') return table?.integers(id) ?? [];
  if (type === 'bool') return table?.boolean(id) ?? false;
  if (typeof type === 'string') return table?.scalar(id, type, fallback) ?? fallback;
  const word = table?.scalar(id, 'int8') ?? 0;
  return type[word] ?? `UNKNOWN_${word}`;
}

function customOptions(file: Flatbuffer, table: Table): Record<string, AttributeValue> {
  const place = table.vector(5, 1);
  if (place === undefined || place.length === 0 || place.length > MOST_CUSTOM_BYTES) return {};
  return { custom_options: [...file.bytes(place.start, place.length)] };
}
