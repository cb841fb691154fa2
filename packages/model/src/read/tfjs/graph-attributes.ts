import { entryOf } from '../../graph/entry-of.ts';
import type { AttributeValue, ElementType } from '../../graph/model-graph.ts';
import type { GraphAttribute } from './model-json.ts';

/** Attributes as plain values: words decoded, numbers as numbers. */
export function plainAttributes(attributes: Readonly<Record<string, GraphAttribute>>): Record<string, AttributeValue> {
  const entries = Object.entries(attributes).flatMap(([name, value]) => {
    const plain = plainAttribute(value);
    return plain === undefined ? [] : [[name, plain] as const];
  });
  return Object.fromEntries(entries);
}

function plainAttribute({ s, i, f, b, type, shape, list }: GraphAttribute): AttributeValue | undefined {
  if (s !== undefined) return text(s);
  if (i !== undefined) return Number(i);
  if (f !== undefined || b !== undefined) return f ?? b;
  if (type !== undefined) return String(type);
  if (shape !== undefined) return sizesOf(shape);
  if (list?.s !== undefined) return list.s.map(text);
  return list?.i?.map(Number) ?? list?.f ?? (list === undefined ? undefined : []);
}

/** Sizes of a shape, -1 for an open one, which nothing but a size is. */
export const sizesOf = (shape: NonNullable<GraphAttribute['shape']>): readonly number[] | undefined =>
  shape.unknownRank ? undefined : (shape.dim ?? []).map(({ size }) => (Number(size) >= 1 ? Number(size) : -1));

const text = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');

const TYPES: Readonly<Record<string, ElementType>> = {
  DT_FLOAT: 'float32',
  1: 'float32',
  DT_INT32: 'int32',
  3: 'int32',
  DT_INT64: 'int64',
  9: 'int64',
  DT_BOOL: 'bool',
  10: 'bool',
  DT_STRING: 'string',
  7: 'string',
  DT_UINT8: 'uint8',
  4: 'uint8',
};

/** An element type by the format's name or number. */
export const typeOf = (type: AttributeValue | undefined): ElementType => entryOf(TYPES, String(type)) ?? 'other';
