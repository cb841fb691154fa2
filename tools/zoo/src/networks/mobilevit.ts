import type { Graph, ValueId } from '@nnm/core';
import { assertMultiple } from '../assert-multiple.ts';
import { invertedResidual } from '../inverted-residual.ts';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';

const EPSILON = 1e-5;
const HEADS = 4;

/** MobileViT-S (arXiv 2110.02178): inverted residuals, and transformers over every fourth pixel. */
export function mobilevitSmall(name: string, batchSize: number, inputSize: number): Graph {
  assertMultiple(inputSize, 64, ', which the patches of mobilevit-s divide');
  const b = new NetworkBuilder(name);
  const residual = (x: FeatureMap, filters: number, strides: number): FeatureMap =>
    invertedResidual(b, x, { filters, kernelSize: 3, strides, expanded: 4 * x.channels, activation: 'swish' });
  let x = b.conv(b.input(batchSize, inputSize), 16, { kernelSize: 3, strides: 2, activation: 'swish' });
  x = residual(residual(x, 32, 1), 64, 2);
  x = residual(residual(x, 64, 1), 64, 1);
  x = transformer(b, residual(x, 96, 2), batchSize, { channels: 144, layers: 2 });
  x = transformer(b, residual(x, 128, 2), batchSize, { channels: 192, layers: 4 });
  x = transformer(b, residual(x, 160, 2), batchSize, { channels: 240, layers: 3 });
  return b.build(b.dense(b.globalPool(b.conv(x, 640, { kernelSize: 1, activation: 'swish' })), 1000));
}

/** Pixels at the same place of 2x2 patches attend to each other; the result is joined with the input. */
function transformer(b: NetworkBuilder, x: FeatureMap, batchSize: number, sizes: { channels: number; layers: number }): FeatureMap {
  const { g } = b;
  const { channels, layers } = sizes;
  const local = b.conv(x, x.channels, { kernelSize: 3, activation: 'swish' });
  const wide = b.plainConv(local, channels, { kernelSize: 1 }).id;
  const perSide = x.size / 2;
  const [rows, length] = [batchSize * 4, perSide * perSide];
  // [n * h/2, 2, w/2, 2 * c] and then the two halves of rows and of columns in front.
  const cut = g.transpose(g.reshape(wide, [batchSize, perSide, 2, perSide, 2 * channels]), [0, 2, 1, 3, 4]);
  const columns = g.transpose(g.reshape(cut, [batchSize * 2, length, 2, channels]), [0, 2, 1, 3]);
  let y: ValueId = g.reshape(columns, [rows, length, channels]);
  for (let layer = 0; layer < layers; layer++) {
    y = g.add(y, attention(b, g.layerNorm(y, { epsilon: EPSILON }), rows, length, channels));
    y = g.add(y, g.dense(g.silu(g.dense(g.layerNorm(y, { epsilon: EPSILON }), 2 * channels)), channels));
  }
  y = g.layerNorm(y, { epsilon: EPSILON });
  const back = g.transpose(g.reshape(y, [batchSize * 2, 2, length, channels]), [0, 2, 1, 3]);
  const image = g.transpose(g.reshape(back, [batchSize, 2, perSide, perSide, 2 * channels]), [0, 2, 1, 3, 4]);
  const folded: FeatureMap = { id: g.reshape(image, [batchSize, x.size, x.size, channels]), size: x.size, channels };
  const narrow = b.conv(folded, x.channels, { kernelSize: 1, activation: 'swish' });
  return b.conv(b.concat([x, narrow]), x.channels, { kernelSize: 3, activation: 'swish' });
}

function attention({ g }: NetworkBuilder, x: ValueId, rows: number, length: number, channels: number): ValueId {
  const perHead = channels / HEADS;
  const projected = g.transpose(g.reshape(g.dense(x, 3 * channels), [rows, length, 3, HEADS, perHead]), [2, 0, 3, 1, 4]);
  const [queries, keys, values] = g.split(projected, 3, { axis: 0 }).map((part) => g.reshape(part, [rows, HEADS, length, perHead])) as [
    ValueId,
    ValueId,
    ValueId,
  ];
  const shares = g.softmax(g.matmul(g.mul(queries, 1 / Math.sqrt(perHead)), keys, { transposeB: true }));
  const joined = g.transpose(g.matmul(shares, values), [0, 2, 1, 3]);
  return g.dense(g.reshape(joined, [rows, length, channels]), channels);
}
