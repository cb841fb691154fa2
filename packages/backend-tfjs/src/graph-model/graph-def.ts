import type { Shape } from '@nnm/core';

/** An attribute of a node, as protobuf's JSON has it: integers are strings, texts base64. */
export type Attr =
  | { readonly type: DataType }
  | { readonly s: string }
  | { readonly i: string }
  | { readonly f: number }
  | { readonly b: boolean }
  | { readonly shape: TensorShape }
  | { readonly tensor: { readonly dtype: DataType; readonly tensorShape: TensorShape } }
  | { readonly list: { readonly i?: readonly string[]; readonly s?: readonly string[] } };

/** Element types of values. */
export type DataType = 'DT_FLOAT' | 'DT_INT32';

/** Sizes of a value. */
export interface TensorShape {
  readonly dim: readonly { readonly size: string }[];
}

/** Attributes by name. */
export type Attrs = Readonly<Record<string, Attr>>;

/** A node of TensorFlow's `GraphDef`. */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Attrs;
}

export const text = (value: string): Attr => ({ s: btoa(value) });
export const texts = (values: readonly string[]): Attr => ({ list: { s: values.map((value) => btoa(value)) } });
export const int = (value: number): Attr => ({ i: String(value) });
export const ints = (values: readonly number[]): Attr => ({ list: { i: values.map(String) } });
export const float = (value: number): Attr => ({ f: value });
export const flag = (value: boolean): Attr => ({ b: value });
export const type = (value: DataType): Attr => ({ type: value });
export const tensorShape = (shape: Shape): TensorShape => ({ dim: shape.map((size) => ({ size: String(size) })) });
