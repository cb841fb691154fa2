import { type Graph, InvalidArgumentError } from '@nnm/core';
import { assertMultiple } from '../assert-multiple.ts';
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

/** The generator of DCGAN as TensorFlow's tutorial has it: 100 random numbers become a grey image of 28 pixels. */
export function dcganGrey(name: string, batchSize: number, inputSize: number): Graph {
  assertMultiple(inputSize, 4);
  const small = inputSize / 4;
  const b = new NetworkBuilder(name, { padding: 'tensorflow', epsilon: 1e-3 });
  const { g } = b;
  const drawn = g.dense(g.input([batchSize, NOISE]), small * small * 256, false);
  const first = g.reshape(g.leakyRelu(g.batchNorm(drawn, 1e-3), { alpha: 0.3 }), [batchSize, small, small, 256]);
  let x: FeatureMap = { id: first, size: small, channels: 256 };
  for (const [width, strides, cut] of [
    [128, 1, [2, 2]],
    [64, 2, [1, 2]],
  ] as const) {
    const larger = b.enlarge(x, width, { kernelSize: 5, strides, cut });
    x = { ...larger, id: g.leakyRelu(larger.id, { alpha: 0.3 }) };
  }
  const padding = { top: 1, bottom: 2, left: 1, right: 2 };
  return g.build(g.tanh(g.transposedConv2d(x.id, 1, { kernelSize: 5, strides: 2, padding, useBias: false })));
}
