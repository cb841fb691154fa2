import type { SpecOf } from './table.ts';

/**
 * The part of the `.tflite` file format that nnm writes: field ids, enum numbers and union numbers of its FlatBuffers schema.
 *
 * Schema version 3, file identifier `TFL3`. Ids are permanent: the format only ever adds to its end.
 */
export const SCHEMA_VERSION = 3;
export const FILE_IDENTIFIER = 'TFL3';

export const TensorType = { FLOAT32: 0, INT32: 2 } as const;

export const BuiltinOperator = {
  ADD: 0,
  AVERAGE_POOL_2D: 1,
  CONCATENATION: 2,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
  FULLY_CONNECTED: 9,
  LOGISTIC: 14,
  MAX_POOL_2D: 17,
  MUL: 18,
  RELU: 19,
  RELU6: 21,
  RESHAPE: 22,
  PAD: 34,
  TRANSPOSE: 39,
  MEAN: 40,
  SPLIT: 49,
  PADV2: 60,
  HARD_SWISH: 117,
} as const;
export type BuiltinOperatorName = keyof typeof BuiltinOperator;

export const PaddingScheme = { SAME: 0, VALID: 1 } as const;
export type PaddingSchemeName = keyof typeof PaddingScheme;

export const FusedActivation = { none: 0, relu: 1, relu6: 3 } as const;
export type FusedActivationName = keyof typeof FusedActivation;

export interface Conv2DOptions {
  readonly padding: number;
  readonly strideW: number;
  readonly strideH: number;
  readonly fusedActivation: number;
  readonly dilationW: number;
  readonly dilationH: number;
}

export interface DepthwiseConv2DOptions extends Conv2DOptions {
  readonly depthMultiplier: number;
}

export interface Pool2DOptions {
  readonly padding: number;
  readonly strideW: number;
  readonly strideH: number;
  readonly filterWidth: number;
  readonly filterHeight: number;
  readonly fusedActivation: number;
}

/** Options of an operator, by the name the format gives them. */
export type OperatorOptions =
  | ({ readonly type: 'Conv2DOptions' } & Conv2DOptions)
  | ({ readonly type: 'DepthwiseConv2DOptions' } & DepthwiseConv2DOptions)
  | ({ readonly type: 'Pool2DOptions' } & Pool2DOptions)
  | { readonly type: 'FullyConnectedOptions' | 'AddOptions' | 'MulOptions'; readonly fusedActivation: number }
  | { readonly type: 'ConcatenationOptions'; readonly axis: number; readonly fusedActivation: number }
  | { readonly type: 'ReshapeOptions'; readonly newShape: readonly number[] }
  | { readonly type: 'ReducerOptions'; readonly keepDims: boolean }
  | { readonly type: 'SplitOptions'; readonly numSplits: number }
  | { readonly type: 'PadOptions' | 'PadV2Options' | 'TransposeOptions' | 'HardSwishOptions' };

export interface OperatorCode {
  /** The code again, for readers from before codes outgrew a byte; 127 (the format's placeholder) when it does not fit. */
  readonly deprecatedBuiltinCode: number;
  readonly version: number;
  readonly builtinCode: number;
}

export interface Operator {
  readonly opcodeIndex: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options?: OperatorOptions;
}

export interface TfliteTensor {
  readonly shape: readonly number[];
  readonly type: number;
  /** Index into the model's buffers; 0, the empty one, for a value that is computed. */
  readonly buffer: number;
  readonly name: string;
}

export interface SubGraph {
  readonly tensors: readonly TfliteTensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly operators: readonly Operator[];
  readonly name: string;
}

export interface ModelBuffer<Bytes = Uint8Array> {
  readonly data?: Bytes;
}

/** A `.tflite` file as a plain value; the bytes of its buffers may be {@link LazyBytes} until it is written. */
export interface Model<Bytes = Uint8Array> {
  readonly version: number;
  readonly operatorCodes: readonly OperatorCode[];
  readonly subgraphs: readonly SubGraph[];
  readonly description: string;
  readonly buffers: readonly ModelBuffer<Bytes>[];
}

const fusedOnly = { fusedActivation: [0, 'int8'] } as const;

/** Numbers of the union of operator options. */
const optionMembers = {
  Conv2DOptions: [
    1,
    {
      padding: [0, 'int8'],
      strideW: [1, 'int32'],
      strideH: [2, 'int32'],
      fusedActivation: [3, 'int8'],
      dilationW: [4, 'int32'],
      dilationH: [5, 'int32'],
    } satisfies SpecOf<Conv2DOptions>,
  ],
  DepthwiseConv2DOptions: [
    2,
    {
      padding: [0, 'int8'],
      strideW: [1, 'int32'],
      strideH: [2, 'int32'],
      depthMultiplier: [3, 'int32'],
      fusedActivation: [4, 'int8'],
      dilationW: [5, 'int32'],
      dilationH: [6, 'int32'],
    } satisfies SpecOf<DepthwiseConv2DOptions>,
  ],
  Pool2DOptions: [
    5,
    {
      padding: [0, 'int8'],
      strideW: [1, 'int32'],
      strideH: [2, 'int32'],
      filterWidth: [3, 'int32'],
      filterHeight: [4, 'int32'],
      fusedActivation: [5, 'int8'],
    } satisfies SpecOf<Pool2DOptions>,
  ],
  FullyConnectedOptions: [8, fusedOnly],
  ConcatenationOptions: [10, { axis: [0, 'int32'], fusedActivation: [1, 'int8'] }],
  AddOptions: [11, fusedOnly],
  ReshapeOptions: [17, { newShape: [0, 'int32[]'] }],
  MulOptions: [21, fusedOnly],
  PadOptions: [22, {}],
  TransposeOptions: [26, {}],
  ReducerOptions: [27, { keepDims: [0, 'bool'] }],
  SplitOptions: [35, { numSplits: [0, 'int32'] }],
  PadV2Options: [43, {}],
  HardSwishOptions: [91, {}],
} as const;

const operatorCode = {
  deprecatedBuiltinCode: [0, 'int8'],
  version: [2, 'int32'],
  builtinCode: [3, 'int32'],
} as const satisfies SpecOf<OperatorCode>;

const operator = {
  opcodeIndex: [0, 'uint32'],
  inputs: [1, 'int32[]'],
  outputs: [2, 'int32[]'],
  options: [4, { union: optionMembers }],
} as const satisfies SpecOf<Operator>;

const tensor = {
  shape: [0, 'int32[]'],
  type: [1, 'int8'],
  buffer: [2, 'uint32'],
  name: [3, 'string'],
} as const satisfies SpecOf<TfliteTensor>;

const subGraph = {
  tensors: [0, { tables: tensor }],
  inputs: [1, 'int32[]'],
  outputs: [2, 'int32[]'],
  operators: [3, { tables: operator }],
  name: [4, 'string'],
} as const satisfies SpecOf<SubGraph>;

/** The root table. */
export const modelSpec = {
  version: [0, 'uint32'],
  operatorCodes: [1, { tables: operatorCode }],
  subgraphs: [2, { tables: subGraph }],
  description: [3, 'string'],
  buffers: [4, { tables: { data: [0, 'bytes'] } satisfies SpecOf<ModelBuffer> }],
} as const satisfies SpecOf<Model>;
