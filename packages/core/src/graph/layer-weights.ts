import type { WeightSpec } from './operator.ts';
import type { Shape } from './values.ts';

/**
 * Kernel and bias of a layer: uniform with variance `2 / fanIn` (He), so that activations of deep networks stay finite, normal
 * numbers.
 *
 * @param shape - of the kernel, output channels last
 * @param fanIn - inputs of one output; default all axes but the last
 */
export function kernelAndBias(shape: Shape, outputs: number, useBias: boolean, fanIn?: number): Readonly<Record<string, WeightSpec>> {
  const inputs = fanIn ?? shape.slice(0, -1).reduce((product, size) => product * size, 1);
  return {
    kernel: { shape, center: 0, spread: Math.sqrt(6 / inputs) },
    ...(useBias && { bias: { shape: [outputs], center: 0, spread: 0.1 } }),
  };
}
