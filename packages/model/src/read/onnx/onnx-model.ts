import type { ElementType } from '../../graph/model-graph.ts';

/** What a file says, without weights; see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producer: string;
  readonly opsets: Readonly<Record<string, number>>;
  readonly graph: OnnxGraph;
  readonly functions: readonly OnnxFunction[];
  /** Bytes of the weights of all graphs, those in attributes and other files too. */
  readonly weightBytes: number;
  /** Relative paths of files that weights lie in. */
  readonly externalFiles: readonly string[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly valueInfos: readonly OnnxValue[];
}

export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  /** `''` for the standard one. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

export type OnnxAttribute =
  | { readonly kind: 'value'; readonly value: number | string | readonly number[] | readonly string[] }
  | { readonly kind: 'tensor'; readonly tensor: OnnxTensor }
  | { readonly kind: 'graph'; readonly graph: OnnxGraph }
  /** The value that the node of the function around it has under this name. */
  | { readonly kind: 'reference'; readonly name: string };

export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  /** Elements of a tensor that is small enough. */
  readonly values?: readonly number[];
}

/** A name with what the file says of its type. */
export interface OnnxValue {
  readonly name: string;
  /** Absent for what is not a tensor, such as a sequence. */
  readonly dtype?: ElementType;
  /** Absent when even the number of axes is open; a text or undefined stands for a size that is. */
  readonly shape?: readonly (number | string | undefined)[];
}

export interface OnnxFunction {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes that have a default. */
  readonly defaults: ReadonlyMap<string, OnnxAttribute>;
  readonly nodes: readonly OnnxNode[];
}
