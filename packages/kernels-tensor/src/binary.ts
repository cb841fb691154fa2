import { floatBytes, type GraphBuilder, type Kernel, type ValueId } from '@nnm/core';
import { elementsOf, type RowsConfig, rowsBlock, rowsKernel } from './rows.ts';

type Method = 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum' | 'pow';

/** What the second operand is. Divisors and powers of one sign keep results finite. */
const constantOf = (g: GraphBuilder, method: Method, shape: readonly number[]): ValueId =>
  g.constant(shape, method === 'div' ? { center: 2, spread: 1 } : { spread: 1 });

const workOf =
  (elements: (config: RowsConfig) => number, params: (config: RowsConfig) => number = () => 0) =>
  (config: RowsConfig) => ({ flops: elementsOf(config), params: params(config), bytes: floatBytes(elements(config)) });

/** Two inputs of one shape. `add` is a kernel of @nnm/kernels-misc. */
const same = (method: Exclude<Method, 'add'>): Kernel<RowsConfig> =>
  rowsKernel({
    type: method,
    family: 'binary',
    description: `${method} of two inputs of one shape, element by element`,
    block: rowsBlock(
      method,
      (g, [a, b]) => [g[method](a as ValueId, b as ValueId)],
      ({ ROWS, CIN }) => [
        [ROWS, CIN],
        [ROWS, CIN],
      ],
      method === 'pow',
    ),
    workOf: workOf((config) => 3 * elementsOf(config)),
  });

/** Rows of one element: one loop over all of them in XNNPACK, a loop for each in ONNX Runtime. */
const singles = { COPIES: ({ ROWS, CIN }: RowsConfig) => (CIN === 1 ? ROWS : 0) };

/** What is repeated for every row is a loop of its own for every row, unless it is one number. */
const loopPerRow = {
  loopsOf: ({ ROWS, CIN }: RowsConfig) => (CIN === 1 ? { rows: 1, elements: ROWS } : { rows: ROWS, elements: CIN }),
  extra: { OUT_PIXELS: ({ ROWS, CIN }: RowsConfig) => (CIN === 1 ? 1 : ROWS), ...singles },
};

/** The second input is one row, broadcast over all rows. */
const broadcast = (method: 'add' | 'sub' | 'mul' | 'div'): Kernel<RowsConfig> =>
  rowsKernel({
    type: `${method}-broadcast`,
    family: 'binary-broadcast',
    description: `${method} of an input and one row, broadcast over its rows`,
    block: rowsBlock(
      `${method}-broadcast`,
      (g, [a, b]) => [g[method](a as ValueId, b as ValueId)],
      ({ ROWS, CIN }) => [
        [ROWS, CIN],
        [1, CIN],
      ],
    ),
    workOf: workOf((config) => 2 * elementsOf(config) + config.CIN),
    ...loopPerRow,
  });

/** The second operand is a constant with one value per channel. */
const perChannel = (method: 'add' | 'sub' | 'mul' | 'div'): Kernel<RowsConfig> =>
  rowsKernel({
    type: `${method}-channels`,
    family: 'binary-constant',
    description: `${method} of an input and a constant with one value per channel`,
    block: rowsBlock(`${method}-channels`, (g, [x], { CIN }) => [g[method](x as ValueId, constantOf(g, method, [CIN]))]),
    workOf: workOf(
      (config) => 2 * elementsOf(config) + config.CIN,
      (config) => config.CIN,
    ),
    ...loopPerRow,
  });

/** The second operand is one number. */
const scalar = (method: Method): Kernel<RowsConfig> =>
  rowsKernel({
    type: `${method}-scalar`,
    family: 'binary-constant',
    description: method === 'pow' ? 'square of an input' : `${method} of an input and one number`,
    block: rowsBlock(`${method}-scalar`, (g, [x]) => [g[method](x as ValueId, method === 'pow' ? 2 : 0.5)]),
    workOf: workOf((config) => 2 * elementsOf(config) + 1),
    loopsOf: (config) => ({ rows: 1, elements: elementsOf(config) }),
    extra: { OUT_PIXELS: () => 1, ...singles },
  });

/** Element-wise kernels of two operands: `binary`, `binary-broadcast` and `binary-constant` families. */
export const binaryKernels: readonly Kernel<RowsConfig>[] = [
  ...(['sub', 'mul', 'div', 'maximum', 'minimum', 'pow'] as const).map(same),
  ...(['add', 'sub', 'mul', 'div'] as const).map(broadcast),
  ...(['add', 'sub', 'mul', 'div'] as const).map(perChannel),
  ...(['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'pow'] as const).map(scalar),
];
