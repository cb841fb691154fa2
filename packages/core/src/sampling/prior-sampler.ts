import { InvalidArgumentError } from '../errors/index.ts';
import { BaseConfigSampler, configKey, type KernelConfig, type SamplingContext } from '../kernel/index.ts';
import { collectDistinct } from './collect-distinct.ts';
import { type ConfigShape, costCheck, freeKeys } from './config-shape.ts';
import { sampleAround } from './fine-grained.ts';
import { jointDraws } from './joint-draws.ts';
import { marginalDraws } from './marginal-draws.ts';
import { withOutermost } from './outermost-layers.ts';
import { type PriorTable, priorConfigs } from './prior-table.ts';
import { walkConfigs } from './walk-configs.ts';

/** What a {@link PriorSampler} is made of. */
export interface PriorSamplerOptions<C extends KernelConfig> extends ConfigShape<C> {
  /** Layers of known networks; values need not be ones the sampler may choose, they are snapped. */
  readonly prior: PriorTable<keyof C & string> | readonly C[];
}

/**
 * The sampler of every built-in kernel: draws configurations that look like the layers of known networks.
 *
 * - `joint` (default): rows of the prior, each drawn once before any is drawn again, with jittered channels; a row above
 *   the cost limits is made narrower until it fits, and some are put on larger images (`growth`). See `jointDraws`.
 * - `marginal`: every key on its own, by inverse transform of a 40-bin histogram of its column, as nn-Meter does.
 * - fine-grained: everything but the channels fixed, each channel count C₀ drawn from `[int(0.4 C₀), int(1.2 C₀)]`.
 *
 * Every value is snapped to its range. Exactly as many distinct configurations as asked for come back whenever the space
 * holds so many: when draws stop bringing new ones, the rest of the space is walked. Fewer only when there are fewer, or when
 * nothing unlike the prior is wanted (`likePrior`).
 *
 * @example
 * const space = { HW: { min: 1, max: 224, values: HW_VALUES }, CIN: { min: 1, max: 2048 } };
 * const sampler = new PriorSampler({ space, prior: [{ HW: 56, CIN: 64 }, { HW: 7, CIN: 512 }], channelKeys: ['CIN'] });
 * sampler.priorConfigSampling(10, { rng: new Rng(1) });
 */
export class PriorSampler<C extends KernelConfig> extends BaseConfigSampler<C> {
  private rows: readonly C[] | undefined;

  /** @param options - the kernel's space, prior and channel keys */
  constructor(readonly options: PriorSamplerOptions<C>) {
    super();
  }

  /** @throws {@link InvalidArgumentError} when `sampleNum` is not an integer >= 0 or a row of the prior lacks a key */
  override priorConfigSampling(sampleNum: number, context: SamplingContext<C>): readonly C[] {
    assertCount(sampleNum);
    const { options } = this;
    this.rows ??= checkedRows(options);
    const affordable = costCheck(options, context);
    const rng = context.rng;
    const draw =
      context.mode === 'marginal'
        ? marginalDraws(options, this.rows, rng.fork('marginal'))
        : jointDraws(options, this.rows, rng.fork('joint'), affordable);
    return collectDistinct(
      sampleNum,
      {
        draw:
          context.outermost && context.mode !== 'marginal'
            ? withOutermost(options, this.rows, options.workOf ?? context.workOf, affordable, draw)
            : draw,
        walk: () => (context.likePrior ? [] : walkConfigs(options, affordable, rng.fork('walk'))),
        accepts: (config) => (options.accepts?.(config) ?? true) && affordable(config),
      },
      new Set(context.exclude),
    );
  }

  /** @throws {@link InvalidArgumentError} when `sampleNum` is not an integer >= 0 */
  override finegrainedConfigSampling(sampleNum: number, configs: readonly C[], context: SamplingContext<C>): readonly C[] {
    assertCount(sampleNum);
    const affordable = costCheck(this.options, context);
    const taken = new Set([...(context.exclude ?? []), ...configs.map(configKey)]);
    return configs.flatMap((config) => sampleAround(sampleNum, config, this.options, affordable, context.rng, taken));
  }
}

/** The rows of the prior; a table without one of the free keys could not be sampled from. */
function checkedRows<C extends KernelConfig>(options: PriorSamplerOptions<C>): readonly C[] {
  const rows = priorConfigs(options.prior);
  const keys = freeKeys(options);
  const broken = rows.findIndex((row) => !keys.every((key) => Number.isFinite(row[key])));
  if (broken >= 0) {
    throw new InvalidArgumentError({
      name: 'prior',
      expected: `rows with a number for each of ${keys.join(', ')}`,
      got: `row ${broken + 1}: ${JSON.stringify(rows[broken])}`,
    });
  }
  return rows;
}

function assertCount(sampleNum: number): void {
  if (!Number.isInteger(sampleNum) || sampleNum < 0) {
    throw new InvalidArgumentError({ name: 'sampleNum', expected: 'an integer >= 0', got: sampleNum });
  }
}
