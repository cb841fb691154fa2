import { floatBytes, type GraphBuilder, type Kernel, type Shape, type ValueId, type Work } from '@nnm/core';
import { elementsOf, type RowsConfig, rowsBlock, rowsKernel } from './rows.ts';

/** An image of `ROWS` pixels in one column. Where a runtime keeps every channel as a plane, it goes through the planes, each with its own value. */
const imageOf = ({ ROWS, CIN }: RowsConfig): Shape => [ROWS, 1, CIN];

interface PlanesKernel {
  readonly type: string;
  readonly description: string;
  readonly shapesOf: (config: RowsConfig) => readonly Shape[];
  readonly write: (g: GraphBuilder, inputs: readonly ValueId[], config: RowsConfig) => ValueId;
  readonly workOf: (config: RowsConfig) => Work;
}

const planesKernel = ({ type, description, shapesOf, write, workOf }: PlanesKernel): Kernel<RowsConfig> =>
  rowsKernel({
    type,
    description,
    block: rowsBlock(type, (g, inputs, config) => [write(g, inputs, config)], shapesOf),
    workOf,
    loopsOf: ({ ROWS, CIN }) => ({ rows: ROWS, elements: CIN }),
    // A loop for every pixel, or for every plane.
    extra: { OUT_PIXELS: ({ ROWS }) => ROWS, COPIES: ({ CIN }) => CIN },
  });

/** Kernels of an image that meets one value per channel. */
export const planesKernels: readonly Kernel<RowsConfig>[] = [
  planesKernel({
    type: 'add-planes',
    description: 'addition of a constant with one value per channel to an image',
    shapesOf: (config) => [imageOf(config)],
    write: (g, [image], { CIN }) => g.add(image as ValueId, g.constant([CIN], { spread: 1 })),
    workOf: (config) => ({ flops: elementsOf(config), params: config.CIN, bytes: floatBytes(2 * elementsOf(config) + config.CIN) }),
  }),
  // Of two computed values: ONNX Runtime would block both for an addition, and not for a product.
  planesKernel({
    type: 'mul-planes',
    description: 'multiplication of an image by one value per channel, as squeeze and excitation end',
    shapesOf: (config) => [imageOf(config), [1, 1, config.CIN]],
    write: (g, [image, values]) => g.mul(image as ValueId, values as ValueId),
    workOf: (config) => ({ flops: elementsOf(config), params: 0, bytes: floatBytes(2 * elementsOf(config) + config.CIN) }),
  }),
  planesKernel({
    type: 'prelu-planes',
    description: 'ReLU of an image with a trained slope per channel',
    shapesOf: (config) => [imageOf(config)],
    write: (g, [image]) => g.prelu(image as ValueId),
    workOf: (config) => ({ flops: 2 * elementsOf(config), params: config.CIN, bytes: floatBytes(2 * elementsOf(config) + config.CIN) }),
  }),
];
