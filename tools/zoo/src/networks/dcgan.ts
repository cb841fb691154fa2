import { type Graph, InvalidArgumentError } from '@nnm/core';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

const NOISE = 100;
const SIZE = 64;

/** The generator of DCGAN as PyTorch's examples have it: 100 random numbers become an image of 64 pixels. */
export function dcgan(name: string, batchSize: number, inputSize: number): Graph {
  if (inputSize !== SIZE) throw new InvalidArgumentError({ name: 'inputSize', expected: `${SIZE}, what ${name} makes`, got: inputSize });
  const b = new NetworkBuilder(name);
  let x: FeatureMap = { id: b.g.input([batchSize, 1, 1, NOISE]), size: 1, channels: NOISE };
  x = b.enlarge(x, 512, { kernelSize: 4, strides: 1, cut: [0, 0], activation: 'relu' });
  for (const width of [256, 128, 64]) x = b.enlarge(x, width, { kernelSize: 4, strides: 2, cut: [1, 1], activation: 'relu' });
  const image = b.g.transposedConv2d(x.id, 3, {
    kernelSize: 4,
    strides: 2,
    padding: { top: 1, bottom: 1, left: 1, right: 1 },
    useBias: false,
  });
  return b.g.build(b.g.tanh(image));
}
