import type { SpecOf } from './table.ts';

/**
 * The part of the `.tflite` file format that nnm writes: field ids, enum numbers and union numbers of its FlatBuffers schema.
 *
 * Schema version 3, file identifier `TFL3`. Ids are permanent: the format only ever adds to its end.
 */
export const SCHEMA_VERSION = 3;
export const FILE_IDENTIFIER = 'TFL3';

export const TensorType = { FLOAT32: 0, INT32: 2 } as const;

export const MirrorPadMode = { reflect: 0, symmetric: 1 } as const;

export const BuiltinOperator = {
  ADD: 0,
  AVERAGE_POOL_2D: 1,
  CONCATENATION: 2,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
  DEPTH_TO_SPACE: 5,
  FULLY_CONNECTED: 9,
  L2_NORMALIZATION: 11,
  LOGISTIC: 14,
  MAX_POOL_2D: 17,
  MUL: 18,
  RELU: 19,
  RELU_N1_TO_1: 20,
  RELU6: 21,
  RESHAPE: 22,
  RESIZE_BILINEAR: 23,
  SOFTMAX: 25,
  SPACE_TO_DEPTH: 26,
  TANH: 28,
  PAD: 34,
  GATHER: 36,
  TRANSPOSE: 39,
  MEAN: 40,
  SUB: 41,
  DIV: 42,
  SQUEEZE: 43,
  STRIDED_SLICE: 45,
  EXP: 47,
  SPLIT: 49,
  LOG_SOFTMAX: 50,
  CAST: 53,
  PRELU: 54,
  MAXIMUM: 55,
  ARG_MAX: 56,
  MINIMUM: 57,
  NEG: 59,
  PADV2: 60,
  SLICE: 65,
  TRANSPOSE_CONV: 67,
  TILE: 69,
  EXPAND_DIMS: 70,
  LOG: 73,
  SUM: 74,
  SQRT: 75,
  RSQRT: 76,
  POW: 78,
  REDUCE_MAX: 82,
  PACK: 83,
  UNPACK: 88,
  RESIZE_NEAREST_NEIGHBOR: 97,
  LEAKY_RELU: 98,
  SQUARED_DIFFERENCE: 99,
  MIRROR_PAD: 100,
  ABS: 101,
  SPLIT_V: 102,
  ELU: 111,
  HARD_SWISH: 117,
  BATCH_MATMUL: 126,
  GELU: 150,
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
  | {
      readonly type: 'FullyConnectedOptions' | 'AddOptions' | 'MulOptions' | 'SubOptions' | 'DivOptions' | 'L2NormOptions';
      readonly fusedActivation: number;
      /** Of `FullyConnectedOptions`: keep all axes but the last instead of making one of them. */
      readonly keepNumDims?: boolean;
    }
  | { readonly type: 'SoftmaxOptions'; readonly beta: number }
  | { readonly type: 'DepthToSpaceOptions' | 'SpaceToDepthOptions'; readonly blockSize: number }
  | {
      readonly type: 'ResizeBilinearOptions' | 'ResizeNearestNeighborOptions';
      readonly alignCorners: boolean;
      readonly halfPixelCenters: boolean;
    }
  | { readonly type: 'GatherOptions'; readonly axis: number }
  | { readonly type: 'SqueezeOptions'; readonly squeezeDims: readonly number[] }
  | { readonly type: 'StridedSliceOptions'; readonly shrinkAxisMask?: number }
  | { readonly type: 'CastOptions'; readonly inDataType: number; readonly outDataType: number }
  | { readonly type: 'ArgMaxOptions'; readonly outputType: number }
  | { readonly type: 'TransposeConvOptions'; readonly padding: number; readonly strideW: number; readonly strideH: number }
  | { readonly type: 'PackOptions'; readonly valuesCount: number; readonly axis: number }
  | { readonly type: 'UnpackOptions'; readonly num: number; readonly axis: number }
  | { readonly type: 'LeakyReluOptions'; readonly alpha: number }
  | { readonly type: 'MirrorPadOptions'; readonly mode: number }
  | { readonly type: 'BatchMatMulOptions'; readonly adjX: boolean; readonly adjY: boolean }
  | { readonly type: 'GeluOptions'; readonly approximate: boolean }
  | { readonly type: 'ConcatenationOptions'; readonly axis: number; readonly fusedActivation: number }
  | { readonly type: 'ReshapeOptions'; readonly newShape: readonly number[] }
  | { readonly type: 'ReducerOptions'; readonly keepDims: boolean }
  | { readonly type: 'SplitOptions'; readonly numSplits: number }
  | {
      readonly type:
        | 'AbsOptions'
        | 'ExpOptions'
        | 'ExpandDimsOptions'
        | 'HardSwishOptions'
        | 'LogSoftmaxOptions'
        | 'MaximumMinimumOptions'
        | 'NegOptions'
        | 'PadOptions'
        | 'PadV2Options'
        | 'PowOptions'
        | 'SliceOptions'
        | 'SplitVOptions'
        | 'SquaredDifferenceOptions'
        | 'TileOptions'
        | 'TransposeOptions';
      /** Of `SplitVOptions`. */
      readonly numSplits?: number;
    };

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
  FullyConnectedOptions: [8, { fusedActivation: [0, 'int8'], keepNumDims: [2, 'bool'] }],
  SoftmaxOptions: [9, { beta: [0, 'float32'] }],
  ConcatenationOptions: [10, { axis: [0, 'int32'], fusedActivation: [1, 'int8'] }],
  AddOptions: [11, fusedOnly],
  L2NormOptions: [12, fusedOnly],
  ResizeBilinearOptions: [15, { alignCorners: [2, 'bool'], halfPixelCenters: [3, 'bool'] }],
  ReshapeOptions: [17, { newShape: [0, 'int32[]'] }],
  SpaceToDepthOptions: [19, { blockSize: [0, 'int32'] }],
  MulOptions: [21, fusedOnly],
  PadOptions: [22, {}],
  GatherOptions: [23, { axis: [0, 'int32'] }],
  TransposeOptions: [26, {}],
  ReducerOptions: [27, { keepDims: [0, 'bool'] }],
  SubOptions: [28, fusedOnly],
  DivOptions: [29, fusedOnly],
  SqueezeOptions: [30, { squeezeDims: [0, 'int32[]'] }],
  StridedSliceOptions: [32, { shrinkAxisMask: [4, 'int32'] }],
  ExpOptions: [33, {}],
  SplitOptions: [35, { numSplits: [0, 'int32'] }],
  LogSoftmaxOptions: [36, {}],
  CastOptions: [37, { inDataType: [0, 'int8'], outDataType: [1, 'int8'] }],
  MaximumMinimumOptions: [39, {}],
  ArgMaxOptions: [40, { outputType: [0, 'int8'] }],
  NegOptions: [42, {}],
  PadV2Options: [43, {}],
  SliceOptions: [48, {}],
  TransposeConvOptions: [49, { padding: [0, 'int8'], strideW: [1, 'int32'], strideH: [2, 'int32'] }],
  TileOptions: [51, {}],
  ExpandDimsOptions: [52, {}],
  PowOptions: [56, {}],
  PackOptions: [59, { valuesCount: [0, 'int32'], axis: [1, 'int32'] }],
  UnpackOptions: [64, { num: [0, 'int32'], axis: [1, 'int32'] }],
  SquaredDifferenceOptions: [76, {}],
  ResizeNearestNeighborOptions: [74, { alignCorners: [0, 'bool'], halfPixelCenters: [1, 'bool'] }],
  LeakyReluOptions: [75, { alpha: [0, 'float32'] }],
  MirrorPadOptions: [77, { mode: [0, 'int8'] }],
  AbsOptions: [78, {}],
  SplitVOptions: [79, { numSplits: [0, 'int32'] }],
  HardSwishOptions: [91, {}],
  DepthToSpaceOptions: [94, { blockSize: [0, 'int32'] }],
  BatchMatMulOptions: [101, { adjX: [0, 'bool'], adjY: [1, 'bool'] }],
  GeluOptions: [116, { approximate: [0, 'bool'] }],
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
