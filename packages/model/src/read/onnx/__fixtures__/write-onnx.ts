/** Writes small ONNX files field by field, odd ones too, that no exporter writes. */

type Field = number | string | Uint8Array;

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return bytes;
}

/** A message of fields, each `[number, content]`: an integer, a text, or bytes such as another message. */
export function message(...fields: readonly (readonly [number: number, content: Field])[]): Uint8Array {
  const parts = fields.map(([number, content]): Uint8Array => {
    if (typeof content === 'number') return Uint8Array.from([...varint(number * 8), ...varint(content)]);
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return concat([Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
  });
  return concat(parts);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const FLOAT = 1;
const INT64 = 7;

/** An input, output or value with its sizes; a text is a size that is left open. */
export function value(name: string, shape: readonly (number | string)[] | undefined, type = FLOAT): Uint8Array {
  const dims = (shape ?? []).map((size) => [1, typeof size === 'number' ? message([1, size]) : message([2, size])] as const);
  const tensor = shape === undefined ? message([1, type]) : message([1, type], [2, message(...dims)]);
  return message([1, name], [2, message([1, tensor])]);
}

/** A constant of floats, whose elements are not there unless given. */
export function weights(name: string, shape: readonly number[], values?: readonly number[]): Uint8Array {
  const data =
    values === undefined
      ? new Uint8Array(4 * shape.reduce((all, size) => all * size, 1))
      : new Uint8Array(Float32Array.from(values).buffer);
  return message(...shape.map((size) => [1, size] as const), [2, FLOAT], [8, name], [9, data]);
}

/** A list of integers as a constant. */
export const integers = (name: string, values: readonly number[]): Uint8Array =>
  message([1, values.length], [2, INT64], [8, name], [9, new Uint8Array(BigInt64Array.from(values, BigInt).buffer)]);

type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly graph: Uint8Array }
  | { readonly tensor: Uint8Array };

function attribute(name: string, given: Attribute): Uint8Array {
  if (typeof given === 'number') return message([1, name], [3, given], [20, 2]);
  if (typeof given === 'string') return message([1, name], [4, given], [20, 3]);
  if (Array.isArray(given)) return message([1, name], ...given.map((item) => [8, item] as const), [20, 7]);
  if ('graph' in given) return message([1, name], [6, given.graph], [20, 5]);
  if ('tensor' in given) return message([1, name], [5, given.tensor], [20, 4]);
  const bytes = new Uint8Array(Float32Array.of((given as { float: number }).float).buffer);
  return concat([message([1, name]), Uint8Array.from([2 * 8 + 5]), bytes, message([20, 1])]);
}

/** A node; its operator with its domain in front: `com.microsoft::Gelu`. It is called after the operator and its first output. */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
  name = `${operator.split('::').at(-1)}:${outputs[0]}`,
): Uint8Array {
  const [type, domain] = operator.split('::').reverse() as [string, string | undefined];
  return message(
    ...inputs.map((name) => [1, name] as const),
    ...outputs.map((name) => [2, name] as const),
    [3, name],
    [4, type],
    ...Object.entries(attributes).map(([name, given]) => [5, attribute(name, given)] as const),
    ...(domain === undefined ? [] : [[7, domain] as const]),
  );
}

export interface GraphParts {
  readonly nodes?: readonly Uint8Array[];
  readonly constants?: readonly Uint8Array[];
  readonly inputs?: readonly Uint8Array[];
  readonly outputs?: readonly Uint8Array[];
  readonly values?: readonly Uint8Array[];
}

export const graph = ({ nodes = [], constants = [], inputs = [], outputs = [], values = [] }: GraphParts): Uint8Array =>
  message(
    ...nodes.map((item) => [1, item] as const),
    [2, 'graph'],
    ...constants.map((item) => [5, item] as const),
    ...inputs.map((item) => [11, item] as const),
    ...outputs.map((item) => [12, item] as const),
    ...values.map((item) => [13, item] as const),
  );

/** A whole file. */
export const model = (
  parts: GraphParts,
  { opset = 17, functions = [] }: { opset?: number; functions?: readonly Uint8Array[] } = {},
): Uint8Array =>
  message(
    [1, 8],
    [2, 'test'],
    [7, graph(parts)],
    [8, message([2, opset])],
    [8, message([1, 'com.microsoft'], [2, 1])],
    ...functions.map((item) => [25, item] as const),
  );

/** A local function. */
export const localFunction = (
  name: string,
  domain: string,
  inputs: readonly string[],
  outputs: readonly string[],
  nodes: readonly Uint8Array[],
): Uint8Array =>
  message(
    [1, name],
    ...inputs.map((item) => [4, item] as const),
    ...outputs.map((item) => [5, item] as const),
    ...nodes.map((item) => [7, item] as const),
    [10, domain],
  );
