import type { ElementType } from '../../graph/model-graph.ts';
import type { ScalarType } from './flatbuffer.ts';

/** What a `.tflite` file has at byte 4. */
export const FILE_IDENTIFIER = 'TFL3';

const ACTIVATIONS = ['NONE', 'RELU', 'RELU_N1_TO_1', 'RELU6', 'TANH', 'SIGN_BIT'];
const PADDINGS = ['SAME', 'VALID'];

/** Type numbers of tensors: the format's names are ours in capitals. */
export const TENSOR_TYPES: readonly ElementType[] = [
  'float32',
  'float16',
  'int32',
  'uint8',
  'int64',
  'string',
  'bool',
  'int16',
  'other',
  'int8',
  'float64',
  'other',
  'uint64',
  'other',
  'other',
  'uint32',
  'uint16',
  'int4',
  'bfloat16',
];

/** Names of operators in the order of their numbers. */
export const OPERATOR_NAMES: readonly string[] = `
ADD AVERAGE_POOL_2D CONCATENATION CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE EMBEDDING_LOOKUP FLOOR FULLY_CONNECTED
HASHTABLE_LOOKUP L2_NORMALIZATION L2_POOL_2D LOCAL_RESPONSE_NORMALIZATION LOGISTIC LSH_PROJECTION LSTM MAX_POOL_2D MUL RELU
RELU_N1_TO_1 RELU6 RESHAPE RESIZE_BILINEAR RNN SOFTMAX SPACE_TO_DEPTH SVDF TANH CONCAT_EMBEDDINGS SKIP_GRAM CALL CUSTOM
EMBEDDING_LOOKUP_SPARSE PAD UNIDIRECTIONAL_SEQUENCE_RNN GATHER BATCH_TO_SPACE_ND SPACE_TO_BATCH_ND TRANSPOSE MEAN SUB DIV SQUEEZE
UNIDIRECTIONAL_SEQUENCE_LSTM STRIDED_SLICE BIDIRECTIONAL_SEQUENCE_RNN EXP TOPK_V2 SPLIT LOG_SOFTMAX DELEGATE
BIDIRECTIONAL_SEQUENCE_LSTM CAST PRELU MAXIMUM ARG_MAX MINIMUM LESS NEG PADV2 GREATER GREATER_EQUAL LESS_EQUAL SELECT SLICE SIN
TRANSPOSE_CONV SPARSE_TO_DENSE TILE EXPAND_DIMS EQUAL NOT_EQUAL LOG SUM SQRT RSQRT SHAPE POW ARG_MIN FAKE_QUANT REDUCE_PROD
REDUCE_MAX PACK LOGICAL_OR ONE_HOT LOGICAL_AND LOGICAL_NOT UNPACK REDUCE_MIN FLOOR_DIV REDUCE_ANY SQUARE ZEROS_LIKE FILL FLOOR_MOD
RANGE RESIZE_NEAREST_NEIGHBOR LEAKY_RELU SQUARED_DIFFERENCE MIRROR_PAD ABS SPLIT_V UNIQUE CEIL REVERSE_V2 ADD_N GATHER_ND COS WHERE
RANK ELU REVERSE_SEQUENCE MATRIX_DIAG QUANTIZE MATRIX_SET_DIAG ROUND HARD_SWISH IF WHILE NON_MAX_SUPPRESSION_V4
NON_MAX_SUPPRESSION_V5 SCATTER_ND SELECT_V2 DENSIFY SEGMENT_SUM BATCH_MATMUL PLACEHOLDER_FOR_GREATER_OP_CODES CUMSUM CALL_ONCE
BROADCAST_TO RFFT2D CONV_3D IMAG REAL COMPLEX_ABS HASHTABLE HASHTABLE_FIND HASHTABLE_IMPORT HASHTABLE_SIZE REDUCE_ALL
CONV_3D_TRANSPOSE VAR_HANDLE READ_VARIABLE ASSIGN_VARIABLE BROADCAST_ARGS RANDOM_STANDARD_NORMAL BUCKETIZE RANDOM_UNIFORM
MULTINOMIAL GELU DYNAMIC_UPDATE_SLICE RELU_0_TO_1 UNSORTED_SEGMENT_PROD UNSORTED_SEGMENT_MAX UNSORTED_SEGMENT_SUM ATAN2
UNSORTED_SEGMENT_MIN SIGN BITCAST BITWISE_XOR RIGHT_SHIFT STABLEHLO_LOGISTIC STABLEHLO_ADD STABLEHLO_DIVIDE STABLEHLO_MULTIPLY
STABLEHLO_MAXIMUM STABLEHLO_RESHAPE STABLEHLO_CLAMP STABLEHLO_CONCATENATE STABLEHLO_BROADCAST_IN_DIM STABLEHLO_CONVOLUTION
STABLEHLO_SLICE STABLEHLO_CUSTOM_CALL STABLEHLO_REDUCE STABLEHLO_ABS STABLEHLO_AND STABLEHLO_COSINE STABLEHLO_EXPONENTIAL
STABLEHLO_FLOOR STABLEHLO_LOG STABLEHLO_MINIMUM STABLEHLO_NEGATE STABLEHLO_OR STABLEHLO_POWER STABLEHLO_REMAINDER STABLEHLO_RSQRT
STABLEHLO_SELECT STABLEHLO_SUBTRACT STABLEHLO_TANH STABLEHLO_SCATTER STABLEHLO_COMPARE STABLEHLO_CONVERT STABLEHLO_DYNAMIC_SLICE
STABLEHLO_DYNAMIC_UPDATE_SLICE STABLEHLO_PAD STABLEHLO_IOTA STABLEHLO_DOT_GENERAL STABLEHLO_REDUCE_WINDOW STABLEHLO_SORT
STABLEHLO_WHILE STABLEHLO_GATHER STABLEHLO_TRANSPOSE DILATE STABLEHLO_RNG_BIT_GENERATOR REDUCE_WINDOW STABLEHLO_COMPOSITE`
  .trim()
  .split(/\s+/);

/** The operator that stands for those with a name of their own. */
export const CUSTOM = 32;

/** A field of an operator's options: a scalar with its default, words by number, or a list of integers. */
export type OptionField = readonly [id: number, type: ScalarType | 'int32[]' | readonly string[], fallback?: number];

const fused = (id: number): OptionField => [id, ACTIVATIONS];

const convolution = {
  padding: [0, PADDINGS],
  stride_w: [1, 'int32'],
  stride_h: [2, 'int32'],
} as const satisfies Readonly<Record<string, OptionField>>;

/** Options of operators by the number of their table, under the format's own names; tables without what nnm needs are left out. */
export const OPTIONS: Readonly<Record<number, Readonly<Record<string, OptionField>>>> = {
  // Conv2D and DepthwiseConv2D
  1: { ...convolution, fused_activation_function: fused(3), dilation_w_factor: [4, 'int32', 1], dilation_h_factor: [5, 'int32', 1] },
  2: {
    ...convolution,
    depth_multiplier: [3, 'int32'],
    fused_activation_function: fused(4),
    dilation_w_factor: [5, 'int32', 1],
    dilation_h_factor: [6, 'int32', 1],
  },
  // Pool2D
  5: { ...convolution, filter_width: [3, 'int32'], filter_height: [4, 'int32'], fused_activation_function: fused(5) },
  // FullyConnected, Softmax, Concatenation, Add, L2Norm
  8: {
    fused_activation_function: fused(0),
    weights_format: [1, ['DEFAULT', 'SHUFFLED4x16INT8']],
    keep_num_dims: [2, 'bool'],
    asymmetric_quantize_inputs: [3, 'bool'],
  },
  9: { beta: [0, 'float32'] },
  10: { axis: [0, 'int32'], fused_activation_function: fused(1) },
  11: { fused_activation_function: fused(0) },
  12: { fused_activation_function: fused(0) },
  // ResizeBilinear, Reshape, SpaceToDepth, Mul, Gather, Reducer
  15: { align_corners: [2, 'bool'], half_pixel_centers: [3, 'bool'] },
  17: { new_shape: [0, 'int32[]'] },
  19: { block_size: [0, 'int32'] },
  21: { fused_activation_function: fused(0) },
  23: { axis: [0, 'int32'], batch_dims: [1, 'int32'] },
  27: { keep_dims: [0, 'bool'] },
  // Sub, Div, Squeeze, StridedSlice, Split
  28: { fused_activation_function: fused(0) },
  29: { fused_activation_function: fused(0) },
  30: { squeeze_dims: [0, 'int32[]'] },
  32: {
    begin_mask: [0, 'int32'],
    end_mask: [1, 'int32'],
    ellipsis_mask: [2, 'int32'],
    new_axis_mask: [3, 'int32'],
    shrink_axis_mask: [4, 'int32'],
    offset: [5, 'bool'],
  },
  35: { num_splits: [0, 'int32'] },
  // TransposeConv, Pack, Unpack, ResizeNearestNeighbor, LeakyRelu, MirrorPad, SplitV
  49: { ...convolution, fused_activation_function: fused(3) },
  59: { values_count: [0, 'int32'], axis: [1, 'int32'] },
  64: { num: [0, 'int32'], axis: [1, 'int32'] },
  74: { align_corners: [0, 'bool'], half_pixel_centers: [1, 'bool'] },
  75: { alpha: [0, 'float32'] },
  77: { mode: [0, ['REFLECT', 'SYMMETRIC']] },
  79: { num_splits: [0, 'int32'] },
  // DepthToSpace, BatchMatMul, Cumsum, Gelu
  94: { block_size: [0, 'int32'] },
  101: { adj_x: [0, 'bool'], adj_y: [1, 'bool'] },
  102: { exclusive: [0, 'bool'], reverse: [1, 'bool'] },
  116: { approximate: [0, 'bool'] },
};

/** Options that name other subgraphs, by the number of their table. */
export const SUBGRAPH_OPTIONS: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  92: { then_subgraph_index: 0, else_subgraph_index: 1 },
  93: { cond_subgraph_index: 0, body_subgraph_index: 1 },
  103: { init_subgraph_index: 0 },
};
