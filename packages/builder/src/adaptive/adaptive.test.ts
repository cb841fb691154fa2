import { configKey, createRegistry, definePlugin, Rng, runToEnd } from '@nnm/core';
import { toFeatureMatrix } from '@nnm/predictor';
import { describe, expect, it } from 'vitest';
import { toyKernel } from '../../../core/src/kernel/__fixtures__/toy-kernels.ts';
import { SimulatedBackend } from '../__fixtures__/simulated-backend.ts';
import {
  buildPredictorForKernel,
  chooseInformativeConfigs,
  generateConfigSample,
  type LabelledSample,
  memoryContext,
  type PipelineEvent,
} from '../index.ts';
import { fitCommittee } from './adaptive-committee.ts';

const kernel = toyKernel('toy');
const registry = createRegistry([definePlugin({ name: 'toys', apiVersion: 1, kernels: [kernel], backends: [new SimulatedBackend()] })]);
/** The forest on raw latency errs on the simulated device, whose latency the default's baseline meets exactly. */
const settings = { initSampleNum: 60, holdoutSampleNum: 20, iteration: 3, finegrainedSampleNum: 2, training: { preset: 'paper' } };
const contextOf = (adaptive: 'original' | 'uncertainty', seed = 5) =>
  memoryContext(registry, { backend: 'simulated', seed, kernels: { toy: { ...settings, adaptive } } });
const context = contextOf('uncertainty');

/** Latency is smooth, but for images of 56 pixels, where it jumps about from channel to channel. */
const ruggedMs = (hw: number, channels: number): number =>
  1e-5 * hw * hw * channels * (hw === 56 ? 1 + 0.8 * Math.sin(channels * 1.7) ** 2 : 1);

const samples = generateConfigSample('toy', 120, { mark: 'prior', samplingType: 'prior' }, context).map((sample): LabelledSample => {
  const latencyMs = ruggedMs(sample.config.HW as number, sample.config.CIN as number);
  return { ...sample, status: 'ok', latencyMs, spreadMs: 0, repeatabilityMs: 0, stats: {} as LabelledSample['stats'], flags: [] };
});
const choice = { mark: 'finegrained1', samples, earlier: [], errorThreshold: 0.1 };

describe('chooseInformativeConfigs', () => {
  it('goes where the models err, and measures nothing twice', async () => {
    const configs = await chooseInformativeConfigs('toy', 40, choice, context);
    expect(new Set(configs.map(configKey)).size).toBe(40);
    const known = new Set(samples.map(({ config }) => configKey(config)));
    expect(configs.filter((config) => known.has(configKey(config)))).toEqual([]);
    const rugged = configs.filter(({ HW }) => HW === 56).length;
    const ruggedBefore = samples.filter(({ config }) => config.HW === 56).length;
    expect(ruggedBefore).toBeLessThan(40);
    expect(rugged / 40).toBeGreaterThan(2 * (ruggedBefore / samples.length));
  });

  it('leaves out the configurations measured earlier that are no samples, such as the hold-out', async () => {
    const first = await chooseInformativeConfigs('toy', 10, choice, context);
    const earlier = first.map((config, index) => ({ id: `HELD0${index}`, kernel: 'toy', mark: 'holdout', config }));
    const second = await chooseInformativeConfigs('toy', 40, { ...choice, earlier }, context);
    const held = new Set(first.map(configKey));
    expect(second.filter((config) => held.has(configKey(config)))).toEqual([]);
  });

  it('depends on seed, mark and samples only', async () => {
    const keys = async (seed: number, mark = 'finegrained1') =>
      (await chooseInformativeConfigs('toy', 15, { ...choice, mark }, contextOf('uncertainty', seed))).map(configKey);
    expect(await keys(5)).toEqual(await keys(5));
    expect(await keys(6)).not.toEqual(await keys(5));
    expect(await keys(5, 'finegrained2')).not.toEqual(await keys(5));
  });
});

it('scores candidates by the errors of models that have not seen them', async () => {
  const { featureNames } = kernel.features;
  const features = (configs: readonly { HW: number; CIN: number }[]) =>
    toFeatureMatrix(
      configs.map((config) => kernel.features.getFeatureByConfig(config)),
      featureNames.length,
    );
  const data = {
    featureNames,
    features: features(samples.map(({ config }) => config as { HW: number; CIN: number })),
    latenciesMs: Float64Array.from(samples, ({ latencyMs }) => latencyMs),
  };
  const committee = await fitCommittee(data, { ids: samples.map(({ id }) => id), explained: samples.map(() => 0), rng: new Rng(1) });
  const meanError = (isRugged: boolean) => {
    const errors = [...committee.errors].filter((_, row) => (samples[row]?.config.HW === 56) === isRugged);
    return errors.reduce((sum, error) => sum + error, 0) / errors.length;
  };
  expect(meanError(true)).toBeGreaterThan(2 * meanError(false));
  const [smooth, rugged] = committee.scoreCandidates(
    features([
      { HW: 28, CIN: 100 },
      { HW: 56, CIN: 100 },
    ]),
  );
  expect(rugged).toBeGreaterThan(2 * (smooth as number));
});

it.each(['original', 'uncertainty'] as const)('a build by the %s rule measures as many configurations per large error', async (rule) => {
  const events: PipelineEvent[] = [];
  const build = await runToEnd(buildPredictorForKernel('toy', contextOf(rule)), (event) => events.push(event));
  const graded = events.filter((event) => event.type === 'graded');
  const asked = events.flatMap((event) => (event.type === 'sampled' && event.mark.startsWith('finegrained') ? [event.asked] : []));
  expect(asked.length).toBeGreaterThan(0);
  expect(asked).toEqual(graded.slice(0, asked.length).map(({ largeErrors }) => 2 * largeErrors));
  expect(new Set(build.samples.map(({ id }) => id)).size).toBe(build.samples.length);
});
