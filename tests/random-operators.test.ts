import { tfliteCpu } from '@nnm/backend-tflite';
import { torchCpu } from '@nnm/backend-torch';
import { type AnyBackend, GraphBuilder, NnmError, Rng, type Runtime, type ValueId } from '@nnm/core';
import { maxRelativeError, randomTensors, runReference, startRuntime } from '@nnm/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Graphs of one kind; the rest of a shape is drawn. */
type Draw = (g: GraphBuilder, rng: Rng) => ValueId | readonly ValueId[];

const GRAPHS_PER_KIND = 25;
const TOLERANCE = 1e-4;

const sizes = (rng: Rng, rank: number): readonly number[] => Array.from({ length: rank }, () => rng.integer(1, 5));
const shape = (rng: Rng, least = 1): readonly number[] => sizes(rng, rng.integer(least, 5));
const pick = <T>(rng: Rng, from: readonly T[]): T => from[rng.integer(0, from.length - 1)] as T;

const KINDS: Readonly<Record<string, Draw>> = {
  'broadcast operands': (g, rng) => {
    const full = shape(rng);
    const part = full.slice(rng.integer(0, full.length - 1));
    const stretch = (of: readonly number[]): readonly number[] => of.map((size) => (rng.integer(0, 2) === 0 ? 1 : size));
    const a = g.activation(g.input(stretch(full)), 'sigmoid');
    const b = rng.integer(0, 1) ? g.activation(g.input(stretch(part)), 'sigmoid') : g.constant(stretch(part), { center: 1, spread: 0.5 });
    const method = pick(rng, ['add', 'sub', 'mul', 'div', 'minimum', 'maximum', 'pow'] as const);
    return rng.integer(0, 1) ? g[method](a, b) : g[method](b, a);
  },
  reductions: (g, rng) => {
    const of = shape(rng, 2);
    const axes = of.map((_, axis) => axis).filter((axis) => axis > 0 && rng.integer(0, 1) === 1);
    const method = pick(rng, ['reduceMean', 'reduceMax', 'reduceSum'] as const);
    return g[method](g.input(of), { axes: axes.length === 0 ? [-1] : axes, keepDims: rng.integer(0, 1) === 1 });
  },
  'normalised axes': (g, rng) => {
    const of = shape(rng, 2);
    const axis = rng.integer(-of.length, of.length - 1);
    const method = pick(rng, ['softmax', 'logSoftmax', 'l2Normalize', 'layerNorm'] as const);
    return method === 'layerNorm' ? g.layerNorm(g.input(of), { axis, epsilon: 0.1 }) : g[method](g.input(of), { axis });
  },
  'matrix products': (g, rng) => {
    const [m, k, n] = sizes(rng, 3) as [number, number, number];
    const batch = sizes(rng, rng.integer(0, 2));
    const [transposeA, transposeB] = [rng.integer(0, 1) === 1, rng.integer(0, 1) === 1];
    const a = [...batch, ...(transposeA ? [k, m] : [m, k])];
    const b = [...batch.slice(rng.integer(0, batch.length)), ...(transposeB ? [n, k] : [k, n])];
    return g.matmul(g.input(a), rng.integer(0, 1) ? g.input(b) : g.constant(b), { transposeA, transposeB });
  },
  'movements and images together': (g, rng) => {
    const x = g.conv2d(g.input([1, 4, 4, 6]), 6, { kernelSize: pick(rng, [1, 3]), dilation: pick(rng, [1, 2]) });
    const heads = g.transpose(g.reshape(g.dense(g.layerNorm(x, { epsilon: 0.1 }), 12), [1, 16, 2, 6]), [0, 2, 1, 3]);
    const mixed = g.matmul(g.softmax(g.matmul(heads, heads, { transposeB: true })), heads);
    const image = g.reshape(g.transpose(mixed, [0, 2, 1, 3]), [1, 4, 4, 12]);
    const gate = g.reduceMean(x, { axes: [1, 2], keepDims: true });
    return g.add(g.slice(image, [0, 0, 0, rng.integer(0, 6)], [1, 4, 4, 6]), g.mul(gate, x));
  },
};

describe.each<AnyBackend>([tfliteCpu, torchCpu])('$id', (backend) => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await startRuntime({ backend });
  });
  afterAll(() => runtime.close());

  it.each(Object.entries(KINDS))(
    `computes ${GRAPHS_PER_KIND} random graphs of %s as the reference does, or refuses them`,
    async (kind, draw) => {
      const [implement] = backend.implement;
      for (let seed = 0; seed < GRAPHS_PER_KIND; seed++) {
        const g = new GraphBuilder(kind, seed);
        const graph = g.build(...[draw(g, new Rng(seed).fork(kind))].flat());
        const inputs = randomTensors(graph, new Rng(seed));
        const model = await load(graph);
        if (model === undefined) continue;
        const error = maxRelativeError(await model.execute(inputs), runReference(graph, inputs, implement));
        expect(error, JSON.stringify(graph)).toBeLessThan(TOLERANCE);
        await model.close();
      }

      async function load(graph: ReturnType<GraphBuilder['build']>) {
        try {
          return await runtime.load(await backend.convert(graph, implement));
        } catch (error) {
          if (NnmError.isInstance(error) && error.code === 'ERR_UNSUPPORTED_OPERATOR') return undefined;
          throw error;
        }
      }
    },
  );
});
