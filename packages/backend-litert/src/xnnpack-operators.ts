import type { OperatorSupport } from '@nnm/core';
import { supportWith } from '@nnm/tflite-format';

/** Operators of the format that the XNNPACK in LiteRT.js 2.5 takes, which that of TensorFlow Lite 2.9 leaves to the runtime. */
const TAKEN_SINCE_TFLITE: ReadonlySet<string> = new Set([
  'BATCH_MATMUL',
  'CONCATENATION',
  'EXP',
  'GELU',
  'LOG',
  'MEAN',
  'REDUCE_MAX',
  'RSQRT',
  'SLICE',
  'SPACE_TO_DEPTH',
  'SPLIT',
  'SUM',
  'TANH',
  'TRANSPOSE',
]);

/** What it leaves to the runtime, or gets wrong, of those that it takes. */
const LEFT: Readonly<Record<string, string>> = {
  avgPool:
    'AVERAGE_POOL_2D, on its own kernel where a window is smaller than its stride; explicit padding is composed: PAD before it, MUL after it; most windows higher than their image are refused with a stride',
  concat: 'CONCATENATION, on its own kernel of a single value',
  leakyRelu: 'LEAKY_RELU, on its own kernel with an alpha of 0',
  spaceToDepth: 'SPACE_TO_DEPTH, on its own kernel for blocks of one pixel',
};

/** How each operator runs on LiteRT's CPU delegate. */
export const CPU_OPERATOR_SUPPORT: Readonly<Record<string, OperatorSupport>> = Object.fromEntries(
  Object.entries(supportWith(TAKEN_SINCE_TFLITE)).map(([op, support]) => [op, op in LEFT ? { ...support, note: LEFT[op]! } : support]),
);
