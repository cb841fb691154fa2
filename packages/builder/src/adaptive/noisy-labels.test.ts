import { createRegistry, definePlugin, type Graph, Rng, runToEnd } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { toyKernel } from '../../../core/src/kernel/__fixtures__/toy-kernels.ts';
import { SimulatedBackend, simulatedLatencyMs } from '../__fixtures__/simulated-backend.ts';
import { buildPredictorForKernel, memoryContext, type PipelineEvent } from '../index.ts';
import { buildPredictorByData } from '../stages/train.ts';
import type { LabelledConfig } from '../workspace/index.ts';

const settings = { initSampleNum: 60, holdoutSampleNum: 20, iteration: 12, finegrainedSampleNum: 10 };

/** Labels up to 30 % off what features tell, the same whenever they are measured. */
const offByChance = (graph: Graph): number => simulatedLatencyMs(graph) * (0.7 + 0.6 * new Rng(9).fork(JSON.stringify(graph)).float());

async function buildNoisy(adaptive: 'original' | 'uncertainty') {
  const backend = new SimulatedBackend(undefined, offByChance);
  const registry = createRegistry([definePlugin({ name: 'toys', apiVersion: 1, kernels: [toyKernel('toy')], backends: [backend] })]);
  const context = memoryContext(registry, { backend: 'simulated', seed: 3, kernels: { toy: { ...settings, adaptive } } });
  const events: PipelineEvent[] = [];
  const build = await runToEnd(buildPredictorForKernel('toy', context), (event) => events.push(event));
  return { build, events, context };
}

describe.each(['original', 'uncertainty'] as const)('rounds by the %s rule, with labels ±30 %% off', (adaptive) => {
  it('stay below a limit, and end when two in a row bring the hold-out nothing', async () => {
    const { build, events } = await buildNoisy(adaptive);
    const rows = events.flatMap((event) => (event.type === 'graded' ? [event.rows] : []));
    expect(events.some((event) => event.type === 'graded' && event.largeErrors * 10 > 30)).toBe(true);
    rows.slice(1).forEach((count, round) => {
      expect(count - (rows[round] as number)).toBeLessThanOrEqual(30);
    });
    const [ended] = events.filter((event) => event.type === 'rounds-ended');
    expect(ended).toMatchObject({
      reason: 'no-gain',
      rounds: rows.length,
      message: expect.stringContaining('brought the hold-out nothing'),
    });
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.length).toBeLessThan(settings.iteration);
    expect(build.samples.length).toBeLessThanOrEqual(60 + 30 * (rows.length - 1));
  });
});

describe('large errors that the labels explain', () => {
  it('ask for nothing, and are counted', async () => {
    const { build, context } = await buildNoisy('uncertainty');
    const plain = build.samples.flatMap((sample): LabelledConfig[] => {
      if (sample.status !== 'ok') return [];
      const { repeatabilityMs: _, flags: __, ...label } = sample;
      return [label];
    });
    const grade = (change: (label: LabelledConfig) => Partial<LabelledConfig>) =>
      buildPredictorByData(
        'toy',
        plain.map((label) => ({ ...label, ...change(label) })),
        {},
        context,
      );
    const unknown = await grade(() => ({}));
    expect(unknown.largeErrorConfigs.length).toBeGreaterThan(3);
    expect(unknown.explainedErrors).toBe(0);
    const scattering = await grade(({ latencyMs }) => ({ repeatabilityMs: 0.5 * latencyMs }));
    expect(scattering.largeErrorConfigs).toEqual([]);
    expect(scattering.explainedErrors).toBe(unknown.largeErrorConfigs.length);
    const flagged = await grade(({ id }) => (id < 'M' ? { flags: ['contended'] } : {}));
    expect(flagged.largeErrorConfigs.length).toBeLessThan(unknown.largeErrorConfigs.length);
    // Flagged rows count less in training, so that the errors themselves are not quite the same.
    expect(flagged.explainedErrors).toBeGreaterThan(3);
    expect(flagged.metrics.flagged).toBeGreaterThan(3);
    expect(flagged.metrics.rows + (flagged.metrics.flagged ?? 0)).toBe(unknown.metrics.rows);
  });
});
