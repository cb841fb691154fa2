/** Scalars that live inside a FlatBuffers table. */
export type ScalarType = 'bool' | 'int8' | 'int32' | 'uint32' | 'float32';

/** Bytes that are made where the file has them, so that megabytes of weights exist only once. */
export interface LazyBytes {
  readonly length: number;
  /** @param target - as many bytes as `length` says, at a multiple of 16 */
  write(target: Uint8Array): void;
}

/** What a field of a FlatBuffers table holds. `bytes` is a vector of unsigned bytes whose data starts at a multiple of 16. */
export type FieldType =
  | ScalarType
  | 'string'
  | 'int32[]'
  | 'bytes'
  | { readonly tables: TableSpec }
  | { readonly union: Readonly<Record<string, UnionMember>> };

/** A member of a union: its type number and its table. */
type UnionMember = readonly [typeId: number, table: TableSpec];

/** Fields of a table by name: `[id, type]`. A union's id is that of its value; its type number has the id before. */
export type TableSpec = Readonly<Record<string, readonly [id: number, type: FieldType]>>;

/** A spec that names exactly the fields of `T`. */
export type SpecOf<T> = { readonly [K in keyof T]-?: readonly [id: number, type: FieldType] };

/** Fields of a table as a plain value; an absent field holds the format's default. */
export type TableValue = Readonly<Record<string, unknown>>;

/** A union as a plain value: the member's name in `type`, its fields beside it. */
export type UnionValue = TableValue & { readonly type: string };
