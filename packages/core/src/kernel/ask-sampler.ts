import { NnmError, type Problem } from '../errors/index.ts';
import type { SamplingContext } from './base-config-sampler.ts';
import { askKernel, rangeProblems } from './check-config.ts';
import { configKey, type KernelConfig } from './config.ts';
import type { AnyKernel } from './define-kernel.ts';

/** A kernel's sampler threw, or gave something that is no list of the kernel's configurations. */
export class SamplerError extends NnmError {
  constructor(details: { kernel: string; method: string; problem: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_SAMPLER_FAILED',
        message: `The sampler of ${details.kernel} ${details.problem}.`,
        hint: `Correct \`${details.method}\` of the sampler: it returns a list of configurations with integer values, at once. \`nnm plugins check\` shows what else is expected of it.`,
        details,
      },
      options,
    );
  }
}

/** Problems of single configurations that an error shows. */
const SHOWN = 3;

/**
 * Ask a kernel's sampler for configurations like those of known models, and check what it gives.
 *
 * @returns at most `sampleNum` distinct valid configurations, none of `context.exclude`; repeats are left out
 * @throws {@link SamplerError} when it gives anything but configurations of the kernel, or nothing although nothing is excluded
 */
export function samplePrior(kernel: AnyKernel, sampleNum: number, context: SamplingContext): readonly KernelConfig[] {
  const method = 'priorConfigSampling';
  const configs = checkSampled(kernel, method, context, () => kernel.sampler.priorConfigSampling(sampleNum, context));
  if (configs.length === 0 && sampleNum > 0 && !context.exclude?.size && !context.likePrior && context.limits === undefined) {
    throw new SamplerError({
      kernel: kernel.type,
      method,
      problem: `gave no configuration of the ${sampleNum} that ${method} was asked for`,
    });
  }
  return configs.slice(0, sampleNum);
}

/**
 * Ask a kernel's sampler for configurations around given ones, and check what it gives.
 *
 * @param sampleNum - how many around each of `configs`
 * @returns distinct valid configurations, none of `context.exclude`; repeats are left out
 * @throws {@link SamplerError} as {@link samplePrior}
 */
export function sampleFinegrained(
  kernel: AnyKernel,
  sampleNum: number,
  configs: readonly KernelConfig[],
  context: SamplingContext,
): readonly KernelConfig[] {
  const method = 'finegrainedConfigSampling';
  const sampled = checkSampled(kernel, method, context, () => kernel.sampler.finegrainedConfigSampling(sampleNum, configs, context));
  return sampled.slice(0, sampleNum * configs.length);
}

function checkSampled(
  kernel: AnyKernel,
  method: 'priorConfigSampling' | 'finegrainedConfigSampling',
  { exclude }: SamplingContext,
  sample: () => unknown,
): readonly KernelConfig[] {
  const fail = (problem: string, cause?: unknown): never => {
    throw new SamplerError({ kernel: kernel.type, method, problem }, cause === undefined ? undefined : { cause });
  };
  let sampled: unknown;
  try {
    sampled = sample();
  } catch (error) {
    if (NnmError.isInstance(error)) throw error;
    return fail(`failed in ${method}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  if (!Array.isArray(sampled)) return fail(`gave ${nameOf(sampled)} from ${method}, not a list of configurations`);
  const problems = sampled.flatMap((config: unknown, index) => problemsOf(kernel, config).map((problem) => ({ ...problem, index })));
  if (problems.length > 0) {
    const lines = problems.slice(0, SHOWN).map(({ key, message, index }) => `[${index}] ${key === undefined ? '' : `${key} `}${message}`);
    const wrong = new Set(problems.map(({ index }) => index)).size;
    fail(
      `gave ${wrong} wrong configurations of ${sampled.length} from ${method}: ${lines.join('; ')}${problems.length > SHOWN ? '; …' : ''}`,
    );
  }
  return distinct(kernel, sampled as readonly KernelConfig[], exclude);
}

/** A block that fails for a configuration costs that configuration when it is measured; it says nothing against the sampler. */
function problemsOf(kernel: AnyKernel, config: unknown): readonly Problem[] {
  const problems = rangeProblems(kernel, config);
  return problems.length > 0 ? problems : askKernel(kernel, config as KernelConfig).refusals;
}

/** Each configuration once, as a plain object with its keys in the order of the kernel's space. */
function distinct(kernel: AnyKernel, configs: readonly KernelConfig[], exclude: ReadonlySet<string> = new Set()): readonly KernelConfig[] {
  const keys = Object.keys(kernel.configSpace as object);
  const byKey = new Map<string, KernelConfig>();
  for (const config of configs) {
    const key = configKey(config);
    if (!exclude.has(key) && !byKey.has(key)) byKey.set(key, Object.fromEntries(keys.map((name) => [name, config[name] as number])));
  }
  return [...byKey.values()];
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'nothing (undefined)';
  if (value === null) return 'null';
  if (typeof (value as { then?: unknown }).then === 'function') return 'a promise';
  return Symbol.iterator in Object(value) && typeof value === 'object' ? 'an iterator' : `a ${typeof value}`;
}
