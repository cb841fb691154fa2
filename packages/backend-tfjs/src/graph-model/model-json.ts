import type { Shape } from '@nnm/core';
import type { DataType, NodeDef, TensorShape } from './graph-def.ts';

/** The contents of the `model.json` of a graph model. */
export interface ModelJson {
  readonly format: string;
  readonly generatedBy: string;
  readonly convertedBy: string;
  readonly modelTopology: { readonly node: readonly NodeDef[]; readonly versions: { readonly producer: number } };
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: readonly WeightSpec[] }[];
  readonly signature: { readonly inputs: Readonly<Record<string, Endpoint>>; readonly outputs: Readonly<Record<string, Endpoint>> };
}

/** A constant in the files of weights. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: 'float32' | 'int32';
}

/** An input or output of the model. */
export interface Endpoint {
  readonly name: string;
  readonly dtype: DataType;
  readonly tensorShape: TensorShape;
}
