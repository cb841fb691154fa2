import type { Graph, GraphBuilder, ValueId } from '@nnm/core';
import { assertMultiple } from '../assert-multiple.ts';
import { NetworkBuilder } from '../network-builder.ts';

const EPSILON = 1e-5;
const WINDOW = 7;
const PIXELS = WINDOW * WINDOW;
const STAGES: readonly (readonly [channels: number, heads: number, blocks: number])[] = [
  [96, 3, 2],
  [192, 6, 2],
  [384, 12, 6],
  [768, 24, 2],
];

/** An image `[n, size, size, channels]`. */
interface Image {
  readonly id: ValueId;
  readonly size: number;
  readonly channels: number;
}

/**
 * Swin-T as torchvision has it: attention within windows of 7x7 pixels that every other block shifts. The tables of relative positions
 * are written as they are used, expanded to `[heads, 49, 49]`.
 */
export function swinTiny(name: string, batchSize: number, inputSize: number): Graph {
  assertMultiple(inputSize, 224, ', which the windows of swin-t divide');
  const b = new NetworkBuilder(name);
  const { g } = b;
  let x: Image = b.conv(b.input(batchSize, inputSize), 96, { kernelSize: 4, strides: 4, padding: 0, batchNorm: false });
  x = normalise(g, x);
  STAGES.forEach(([channels, heads, blocks], stage) => {
    if (stage > 0) x = mergePatches(g, x, batchSize, channels);
    for (let block = 0; block < blocks; block++) {
      const shift = block % 2 === 1 && x.size > WINDOW ? Math.floor(WINDOW / 2) : 0;
      x = { ...x, id: g.add(x.id, windowAttention(g, normalise(g, x), { batchSize, heads, shift })) };
      x = { ...x, id: g.add(x.id, g.dense(g.gelu(g.dense(normalise(g, x).id, 4 * channels)), channels)) };
    }
  });
  return b.build(b.dense(b.globalPool(normalise(g, x)), 1000));
}

const normalise = (g: GraphBuilder, x: Image): Image => ({ ...x, id: g.layerNorm(x.id, { epsilon: EPSILON }) });

/** Every other pixel of every other row, four times, side by side; half as many channels after. */
function mergePatches(g: GraphBuilder, x: Image, batchSize: number, channels: number): Image {
  const quarter = (row: number, column: number): ValueId =>
    g.stridedSlice(x.id, [0, row, column, 0], [batchSize, x.size, x.size, x.channels], [1, 2, 2, 1]);
  const joined = g.concat([quarter(0, 0), quarter(1, 0), quarter(0, 1), quarter(1, 1)]);
  return { id: g.dense(g.layerNorm(joined, { epsilon: EPSILON }), channels, false), size: x.size / 2, channels };
}

/** Rows and columns moved up and left by `shift`, those that leave coming in on the other side. */
function roll(g: GraphBuilder, x: Image, batchSize: number, shift: number): Image {
  const { size, channels } = x;
  const rest = size - shift;
  const rows = g.concat(
    [g.slice(x.id, [0, shift, 0, 0], [batchSize, rest, size, channels]), g.slice(x.id, [0, 0, 0, 0], [batchSize, shift, size, channels])],
    { axis: 1 },
  );
  const columns = g.concat(
    [g.slice(rows, [0, 0, shift, 0], [batchSize, size, rest, channels]), g.slice(rows, [0, 0, 0, 0], [batchSize, size, shift, channels])],
    { axis: 2 },
  );
  return { ...x, id: columns };
}

interface WindowAttention {
  readonly batchSize: number;
  readonly heads: number;
  readonly shift: number;
}

function windowAttention(g: GraphBuilder, x: Image, { batchSize, heads, shift }: WindowAttention): ValueId {
  const { size, channels } = x;
  const perSide = size / WINDOW;
  const windows = batchSize * perSide * perSide;
  const shifted = shift > 0 ? roll(g, x, batchSize, shift) : x;
  const cut = g.reshape(shifted.id, [batchSize * perSide, WINDOW, perSide, WINDOW, channels]);
  const inWindows = g.reshape(g.transpose(cut, [0, 2, 1, 3, 4]), [windows, PIXELS, channels]);
  const perHead = channels / heads;
  const projected = g.transpose(g.reshape(g.dense(inWindows, 3 * channels), [windows, PIXELS, 3, heads, perHead]), [2, 0, 3, 1, 4]);
  const [queries, keys, values] = g.split(projected, 3, { axis: 0 }).map((part) => g.reshape(part, [windows, heads, PIXELS, perHead])) as [
    ValueId,
    ValueId,
    ValueId,
  ];
  const products = g.matmul(g.mul(queries, 1 / Math.sqrt(perHead)), keys, { transposeB: true });
  let scores = g.add(products, g.constant([1, heads, PIXELS, PIXELS], { spread: 0.1 }));
  if (shift > 0) {
    // Which pixels of a shifted window belong together; the values do not matter for time, so they are zeros.
    const perImage = perSide * perSide;
    const mask = g.constant([1, perImage, 1, PIXELS, PIXELS], { spread: 0 });
    const perWindow = g.add(g.reshape(scores, [batchSize, perImage, heads, PIXELS, PIXELS]), mask);
    scores = g.reshape(perWindow, [windows, heads, PIXELS, PIXELS]);
  }
  const attended = g.transpose(g.matmul(g.softmax(scores), values), [0, 2, 1, 3]);
  const mixed = g.dense(g.reshape(attended, [windows, PIXELS, channels]), channels);
  const back = g.transpose(g.reshape(mixed, [batchSize * perSide, perSide, WINDOW, WINDOW, channels]), [0, 2, 1, 3, 4]);
  const image: Image = { ...x, id: g.reshape(back, [batchSize, size, size, channels]) };
  return (shift > 0 ? roll(g, image, batchSize, size - shift) : image).id;
}
