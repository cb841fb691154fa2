import { countWork, type Graph, type Work } from '../../graph/index.ts';
import { type AnyKernel, blockGraph, type KernelConfig, type SamplingContext } from '../../kernel/index.ts';
import { Rng } from '../../random/index.ts';
import { type Require, requirementsOf } from './contract-case.ts';

/** Kernels above this work are too slow for the reference; a contract runs the cheapest configurations it can get. */
const CHEAP = { maxFlops: 4e6, maxBytes: 2e6 };
const RUNS = 3;

/** A kernel with the drawings and errors that its contract cases share. */
export class KernelUnderTest {
  readonly require: Require;

  constructor(
    readonly kernel: AnyKernel,
    readonly seed: number,
    readonly samples: number,
  ) {
    this.require = requirementsOf(`Kernel "${kernel.type}"`);
  }

  /** A sampling context with its own generator, as the pipeline makes it. */
  context(extra: Omit<Partial<SamplingContext>, 'rng'> = {}, seed = this.seed): SamplingContext {
    return { rng: new Rng(seed).fork('sample'), workOf: (config) => this.work(config), ...extra };
  }

  /** Configurations drawn from the kernel's prior. */
  draw(count: number, extra: Omit<Partial<SamplingContext>, 'rng'> = {}, seed = this.seed): readonly KernelConfig[] {
    const drawn: unknown = this.kernel.sampler.priorConfigSampling(count, this.context(extra, seed));
    this.require(Array.isArray(drawn), `returns ${drawn === null ? 'null' : typeof drawn} from priorConfigSampling, not a list`);
    return drawn as readonly KernelConfig[];
  }

  graph(config: KernelConfig, batchSize = 1): Graph {
    return blockGraph(new this.kernel.block(config, batchSize));
  }

  work(config: KernelConfig): Work {
    return countWork(this.graph(config));
  }

  /** A few configurations that are cheap enough to be computed by the reference, cheapest first. */
  cheapConfigs(): readonly KernelConfig[] {
    const configs = [...this.draw(this.samples, { limits: CHEAP })]
      .map((config) => ({ config, flops: this.work(config).flops }))
      .sort((a, b) => a.flops - b.flops);
    const cheap = configs.filter(({ flops }, index) => index === 0 || flops <= 2 * CHEAP.maxFlops);
    const step = Math.max(1, Math.floor(cheap.length / RUNS));
    return cheap
      .filter((_, index) => index % step === 0)
      .slice(0, RUNS)
      .map(({ config }) => config);
  }
}
