import type { Dialect } from '../tensorflow/dialect.ts';
import { convolutionRules } from '../tensorflow/rules/convolution.ts';
import { elementwiseRules } from '../tensorflow/rules/elementwise.ts';
import { matrixRules } from '../tensorflow/rules/matrix.ts';
import { movementRules } from '../tensorflow/rules/movement.ts';
import { poolingRules } from '../tensorflow/rules/pooling.ts';
import { reductionRules } from '../tensorflow/rules/reduction.ts';

/** The builtin operators of TensorFlow Lite, and MediaPipe's own. */
export const TFLITE: Dialect = {
  rules: { ...convolutionRules, ...elementwiseRules, ...matrixRules, ...movementRules, ...poolingRules, ...reductionRules },
  moves: new Set(Object.keys(movementRules)),
  indices: new Set(['ARG_MAX']),
  lookups: { GATHER: 1, EMBEDDING_LOOKUP: 0 },
  sameShape: new Set(
    'CAST CEIL COS CUMSUM DENSIFY DEQUANTIZE FAKE_QUANT FLOOR LOGICAL_NOT QUANTIZE ROUND SIGN SIN ZEROS_LIKE REVERSE_V2'.split(' '),
  ),
  reasons: {
    QUANTIZE: 'makes quantised values, which nnm has no word for yet',
    DEQUANTIZE: 'works on quantised values, which nnm has no word for yet',
    WHILE: 'runs as often as data say, so it has no one latency',
    IF: 'runs one of two graphs, depending on data, so it has no one latency',
    CALL_ONCE: 'initialises variables, which nnm has no word for',
  },
};
