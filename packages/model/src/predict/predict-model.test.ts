import { type Graph, GraphBuilder, graphHash } from '@nnm/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { formulaBundle, formulaMs, formulaRegistry } from '../__fixtures__/formula-bundle.ts';
import { oneOpParts } from '../__fixtures__/one-op-parts.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { liftKernelGraph } from '../graph/from-kernel-graph.ts';
import type { LiftedModel } from '../lift/lifted-model.ts';
import { classifyWork } from '../price/operator-class.ts';
import { modelPredictorWith } from './predict-model.ts';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await formulaBundle();
});

/** relu, convolution, relu, add of both. */
function residual(batchSize = 1, size = 28): Graph {
  const g = new GraphBuilder('residual');
  const a = g.activation(g.input([batchSize, size, size, 64]), 'relu');
  const b = g.activation(g.conv2d(a, 64, { kernelSize: 3 }), 'relu');
  return g.build(g.add(a, b));
}

const predictorOf = (changes: Partial<Bundle> = {}, measured?: Parameters<typeof modelPredictorWith>[1]['measured']) =>
  modelPredictorWith(oneOpParts, { bundle: { ...bundle, ...changes }, registry: formulaRegistry, measured });

describe('predict', () => {
  it('prices each part by the best source there is, and says which', () => {
    const { kernels, shares, total } = predictorOf().predict(residual());
    expect(kernels.map(({ name, price }) => [name, price?.source])).toEqual([
      ['relu', 'predictor'],
      ['conv2d', 'estimate'],
      ['relu', 'predictor'],
      ['add', 'predictor'],
    ]);
    expect(kernels[1]!.price!.doubts[0]).toMatch(/^estimated from its operations and bytes/);
    expect(kernels[0]!.config).toEqual({ HW: 28, CIN: 64 });
    expect(kernels[0]!.price!.latencyMs / formulaMs({ flops: 28 * 28 * 64, bytes: 8 * 28 * 28 * 64 })).toBeCloseTo(1, 1);
    const { predictor, measured, estimate } = shares.bySource;
    expect([predictor + estimate, measured, shares.doubted]).toEqual([expect.closeTo(1), 0, 0]);
    expect(total.sumMs).toBeCloseTo(kernels.reduce((sum, { price }) => sum + price!.latencyMs, 0));
    expect(total.interval95.lowMs).toBeLessThan(total.interval80.lowMs);
  });

  it('takes a measurement in place of an estimate and of a guess, never of a prediction', () => {
    const graph = residual();
    const parts = predictorOf().detect(graph);
    const range = (ms: number) => ({ lowMs: 0.9 * ms, highMs: 1.1 * ms });
    const measurement = {
      latencyMs: 7,
      interval80: { ...range(7), coverage: 0.8 },
      interval95: { ...range(7), coverage: 0.95 },
      doubts: [],
    };
    const how = { implement: 'tensorflow', batchSize: 1 } as const;
    const measured = new Map(parts.map((part) => [graphHash(part.graph!, how), measurement]));
    const { kernels } = predictorOf({}, measured).predict(graph);
    expect(kernels.map(({ price }) => price!.source)).toEqual(['predictor', 'measured', 'predictor', 'predictor']);
    const written = liftKernelGraph(graph, { implement: 'torch' });
    expect(predictorOf({}, measured).predict(written).kernels[1]!.price!.source).toBe('measured');
    const large = residual(1, 999);
    const largePart = predictorOf().detect(large)[0]!;
    const guess = predictorOf().predict(large).kernels[0]!.price!;
    expect([guess.source, guess.doubts[0]]).toEqual(['predictor', expect.stringMatching(/^HW is 999, sampled were/)]);
    const known = new Map([[graphHash(largePart.graph!, how), measurement]]);
    expect(predictorOf({}, known).predict(large).kernels[0]!.price!.source).toBe('measured');
  });

  it('shows what has no price as a gap, and a total that says it is a lower bound', () => {
    const lifted = liftKernelGraph(residual(), { implement: 'tensorflow' });
    const gap = { nodes: [1], gap: 'LSTM has no equivalent in nnm', inputs: ['a'], outputs: ['b'] };
    const withGap: LiftedModel = { ...lifted, ops: lifted.ops.map((op, index) => (index === 1 ? gap : op)) };
    const { kernels, total } = predictorOf().predict(withGap);
    expect(kernels[1]).toMatchObject({ name: 'conv2d', gap: 'LSTM has no equivalent in nnm' });
    expect(kernels[1]!.price).toBeUndefined();
    expect([total.isLowerBound, total.notes[0]]).toEqual([true, 'A part has no price: the model takes longer than the total says.']);
    const lone = predictorOf({ predictors: new Map(), estimate: undefined });
    expect(() => lone.predict(residual())).toThrow(
      'No part of residual can be priced: relu (it has no predictor, and nothing was measured that says what its work costs); conv2d',
    );
  });

  it('says when a predictor of the family has never seen the kernel, and is less sure', () => {
    const family = bundle.predictors.get('relu')!;
    const other = { ...family, manifest: { ...family.manifest, kernels: ['hswish'] } };
    const predictors = new Map([...bundle.predictors, ['relu', other] as const]);
    const { price } = predictorOf({ predictors }).predict(residual()).kernels[0]!;
    expect(price!.doubts).toEqual(['the predictor of relu has seen hswish, but never relu']);
    expect(price!.interval80.lowMs).toBe(price!.interval95.lowMs);
  });

  it('prices a part that is nearly a kernel as that kernel, says how it differs, and is less sure', () => {
    const nearly: typeof oneOpParts = (lifted) =>
      oneOpParts(lifted).map(({ match, ...part }) =>
        match ? { ...part, nearest: { ...match, differences: ['without the tanh behind it'] } } : part,
      );
    const { kernels, shares } = modelPredictorWith(nearly, { bundle, registry: formulaRegistry }).predict(residual());
    const [part, conv] = kernels;
    expect(shares.doubted).toBeCloseTo(shares.bySource.predictor, 12);
    expect(part).not.toHaveProperty('config');
    expect(part!.price!.source).toBe('predictor');
    expect(part!.price!.doubts).toEqual(['predicted as relu without the tanh behind it']);
    expect(part!.price!.interval80.lowMs).toBe(part!.price!.interval95.lowMs);
    expect(part!.price!.latencyMs).toBe(predictorOf().predict(residual()).kernels[0]!.price!.latencyMs);
    expect(conv!.price!.source).toBe('estimate');
  });

  it('asks a predictor once for what many networks have', () => {
    const relu = bundle.predictors.get('relu')!;
    const asked: number[] = [];
    const counting = {
      ...relu,
      predictMany: (rows: Parameters<typeof relu.predictMany>[0]) => {
        asked.push('length' in rows ? rows.length : rows.rows);
        return relu.predictMany(rows);
      },
    };
    const predictor = predictorOf({ predictors: new Map([...bundle.predictors, ['relu', counting] as const]) });
    const [first, second] = [predictor.predict(residual()), predictor.predict(residual())];
    expect(asked).toEqual([1]);
    expect(second).toEqual(first);
    predictor.predict(residual(1, 9));
    expect(asked).toEqual([1, 1]);
  });

  it('prices a part that runs behind another kernel as both', () => {
    const { kernels } = predictorOf().predict(residual());
    const alone = kernels[0]!.price!.latencyMs;
    const behind =
      (before: string): typeof oneOpParts =>
      (lifted) =>
        oneOpParts(lifted).map(({ match, ...part }) =>
          match ? { ...part, nearest: { ...match, differences: ['the other before it'], before: { ...match, kernel: before } } } : part,
        );
    const [both] = modelPredictorWith(behind('relu'), { bundle, registry: formulaRegistry }).predict(residual()).kernels;
    expect(both!.price!.latencyMs).toBeCloseTo(2 * alone, 12);
    expect(both!.price!.interval95.highMs).toBeGreaterThan(both!.price!.latencyMs);
    const predictors = new Map([...bundle.predictors].filter(([family]) => family === 'relu'));
    const [one] = modelPredictorWith(behind('add'), { bundle: { ...bundle, predictors }, registry: formulaRegistry }).predict(
      residual(),
    ).kernels;
    expect(one!.price!.latencyMs).toBe(alone);
    expect(one!.price!.doubts).toContain('there is no predictor of add, so that it is not in the price');
  });

  it('does not believe what a predictor says of things unlike all it has seen when the work makes it impossible', () => {
    const relu = bundle.predictors.get('relu')!;
    const dear = { ...relu, predictMany: (rows: Parameters<typeof relu.predictMany>[0]) => relu.predictMany(rows).map((ms) => 100 * ms) };
    const predictors = new Map([...bundle.predictors, ['relu', dear] as const]);
    const [outside] = predictorOf({ predictors }).predict(residual(1, 999)).kernels;
    expect(outside!.price!.source).toBe('estimate');
    expect(outside!.price!.doubts[0]).toMatch(/^HW is 999, sampled were/);
    expect(outside!.price!.doubts.at(-1)).toMatch(/^estimated from its operations and bytes/);
    const [inside] = predictorOf({ predictors }).predict(residual()).kernels;
    expect(inside!.price!.source).toBe('predictor');
  });

  it('refuses another batch size and a model without operators', () => {
    expect(() => predictorOf().predict(residual(4))).toThrow(
      'residual has the batch size 4, the first size of its input "input0" [4, 28, 28, 64], but the predictors were measured at 1.',
    );
    const empty: LiftedModel = { ...liftKernelGraph(residual(), { implement: 'tensorflow' }), ops: [] };
    expect(() => predictorOf().predict(empty)).toThrow('residual has no operators: there is nothing to predict.');
  });

  it('says first what was assumed of the file', () => {
    const lifted = liftKernelGraph(residual(), { implement: 'tensorflow' });
    const notes = ['The batch "n" is left open and taken as 1.'];
    expect(predictorOf().predict({ ...lifted, model: { ...lifted.model, notes } }).total.notes[0]).toBe(notes[0]);
  });

  it('says that small totals are unreliable, and that there is no calibration', () => {
    const { total } = predictorOf({}).predict(residual(1, 7));
    expect(total.notes.join(' ')).toMatch(/plain sum of the kernels/);
    const g = new GraphBuilder('small');
    const small = predictorOf().predict(g.build(g.activation(g.input([1, 7, 7, 8]), 'relu')));
    expect(small.total.notes[0]).toBe(
      'Totals below 0.1 ms are unreliable: what the runtime does between kernels is as much as the kernels.',
    );
  });
});

it('an estimate is near what work costs, and its range holds it', () => {
  const g = new GraphBuilder('exp');
  const graph = g.build(g.exp(g.input([1, 40, 40, 32])));
  const { price } = predictorOf().predict(graph).kernels[0]!;
  const truth = formulaMs(classifyWork(graph));
  expect(price!.interval95.lowMs).toBeLessThan(truth);
  expect(price!.interval95.highMs).toBeGreaterThan(truth);
});
