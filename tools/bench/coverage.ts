import {
  type AnyKernel,
  configKey,
  type KernelConfig,
  PriorSampler,
  type PriorSamplerOptions,
  type PriorTable,
  Rng,
  snapToRange,
} from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';

/**
 * How much of the zoo's own layers lies near a sample: joint against marginal sampling at equal numbers of samples.
 *
 * A layer is covered by a sample of the same snapped sizes (image, window, stride) whose channel counts are all within
 * ±25 % of its own. Layers count as often as networks have them. `all`: samples from the whole prior. `held out`: the layers
 * of each network against samples from a prior without that network, which is what a network nobody has seen meets.
 */
const COUNTS = [100, 300, 1000];
const SEEDS = [1, 2, 3];
const NEAR = 0.25;
const KERNELS = ['conv-bn-relu', 'dwconv-bn-relu', 'maxpool', 'fc', 'concat', 'se', 'add'];

type Options = PriorSamplerOptions<KernelConfig>;
type Mode = 'joint' | 'marginal';

/** Number of `layers` (configurations) near one of the samples. */
function countCovered(samples: readonly KernelConfig[], layers: readonly KernelConfig[], { space, channelKeys }: Options): number {
  const sizesOf = (config: KernelConfig): string =>
    configKey(
      Object.fromEntries(
        Object.entries(space)
          .filter(([key]) => !channelKeys.includes(key))
          .map(([key, range]) => [key, snapToRange(range, config[key] as number)]),
      ),
    );
  const bySizes = new Map<string, KernelConfig[]>();
  for (const sample of samples) bySizes.set(sizesOf(sample), [...(bySizes.get(sizesOf(sample)) ?? []), sample]);
  const isNear = (sample: KernelConfig, layer: KernelConfig): boolean =>
    channelKeys.every((key) => Math.abs((sample[key] as number) - (layer[key] as number)) <= NEAR * (layer[key] as number));
  return layers.filter((layer) => bySizes.get(sizesOf(layer))?.some((sample) => isNear(sample, layer)) ?? false).length;
}

const configsOf = (table: PriorTable, keep: (model: string) => boolean): readonly KernelConfig[] =>
  table.rows
    .filter(([model]) => keep(model))
    .map((row) => Object.fromEntries(table.columns.map((key, index) => [key, row[index + 1] as number])));

function sample(options: Options, prior: readonly KernelConfig[], count: number, mode: Mode, seed: number): readonly KernelConfig[] {
  return new PriorSampler({ ...options, prior }).priorConfigSampling(count, { rng: new Rng(seed), mode });
}

/** Mean share over the seeds, with the whole prior and with every network held out in turn. */
function measure(options: Options, count: number, mode: Mode): { all: number; heldOut: number } {
  const table = options.prior as PriorTable;
  const layers = configsOf(table, () => true);
  const models = [...new Set(table.rows.map(([model]) => model))];
  let all = 0;
  let heldOut = 0;
  for (const seed of SEEDS) {
    all += countCovered(sample(options, layers, count, mode, seed), layers, options);
    for (const held of models) {
      const prior = configsOf(table, (model) => model !== held);
      if (prior.length > 0) {
        heldOut += countCovered(
          sample(options, prior, count, mode, seed),
          configsOf(table, (model) => model === held),
          options,
        );
      }
    }
  }
  return { all: all / layers.length / SEEDS.length, heldOut: heldOut / layers.length / SEEDS.length };
}

const kernels = [...(kernelsConv.kernels ?? []), ...(kernelsMisc.kernels ?? [])].filter(({ type }) => KERNELS.includes(type));
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`.padStart(8);
const figures: Record<string, Record<string, number>> = {};
console.log(`share of the zoo's layers within ±${100 * NEAR} % channels of a sample, mean of ${SEEDS.length} seeds`);
console.log(`${'kernel'.padEnd(16)}${'n'.padStart(6)}   joint  marginal   held out: joint  marginal`);
for (const kernel of kernels as readonly AnyKernel[]) {
  const options = (kernel.sampler as PriorSampler<KernelConfig>).options;
  for (const count of COUNTS) {
    const joint = measure(options, count, 'joint');
    const marginal = measure(options, count, 'marginal');
    console.log(
      `${kernel.type.padEnd(16)}${String(count).padStart(6)}${percent(joint.all)}  ${percent(marginal.all)}         ${percent(joint.heldOut)}  ${percent(marginal.heldOut)}`,
    );
    figures[`${kernel.type} ${count}`] = {
      joint: joint.all,
      marginal: marginal.all,
      jointHeldOut: joint.heldOut,
      marginalHeldOut: marginal.heldOut,
    };
  }
}
console.log(JSON.stringify({ bench: 'coverage', near: NEAR, seeds: SEEDS.length, figures }));
