import { InvalidConfigError, NnmError, type Problem } from '../errors/index.ts';
import { blockGraph } from './block-graph.ts';
import type { ConfigRange, KernelConfig } from './config.ts';
import type { AnyKernel } from './define-kernel.ts';

const LONGEST_SHOWN = 60;

/**
 * Everything that is wrong with a configuration of a kernel: keys that are missing or unknown, values that are no integers or out of
 * range, and what the kernel itself refuses, such as a depthwise convolution that changes the number of channels.
 *
 * The one check of samplers, files and command lines.
 *
 * @returns an empty list for a valid configuration
 */
export function configProblems(kernel: AnyKernel, config: unknown): readonly Problem[] {
  const problems = rangeProblems(kernel, config);
  if (problems.length > 0) return problems;
  const { refusals, failure } = askKernel(kernel, config as KernelConfig);
  return failure === undefined ? refusals : [{ message: `its block cannot build it: ${messageOf(failure)}` }];
}

/** @throws {@link InvalidConfigError} listing everything that {@link configProblems} finds */
export function checkConfig(kernel: AnyKernel, config: unknown): asserts config is KernelConfig {
  const problems = configProblems(kernel, config);
  if (problems.length > 0) throw new InvalidConfigError({ kernel: kernel.type, problems });
}

/** What is wrong with the keys and values alone. */
export function rangeProblems(kernel: AnyKernel, config: unknown): readonly Problem[] {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    return [{ message: 'is not a configuration such as { "HW": 56, "CIN": 64 }' }];
  }
  const space = kernel.configSpace as Readonly<Record<string, ConfigRange>>;
  const given = config as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(space, key));
  const problems: Problem[] = unknown.map((key) => ({ key, message: `is not a key of this kernel (${Object.keys(space).join(', ')})` }));
  for (const [key, { min, max, multipleOf = 1 }] of Object.entries(space)) {
    const value = Object.hasOwn(given, key) ? given[key] : undefined;
    if (value === undefined) problems.push({ key, message: 'is missing' });
    else if (typeof value !== 'number') problems.push({ key, message: `must be a number, got ${show(value)}` });
    else if (!Number.isInteger(value) || value < min || value > max)
      problems.push({ key, message: `must be an integer from ${min} to ${max}, got ${value}` });
    else if (value % multipleOf !== 0) problems.push({ key, message: `must be a multiple of ${multipleOf}, got ${value}` });
  }
  return problems;
}

/** What a kernel says of a configuration within its ranges. */
export interface KernelAnswer {
  readonly refusals: readonly Problem[];
  /** The block threw something that is no refusal: it is broken for this configuration. */
  readonly failure?: unknown;
}

/** Ask a kernel about a configuration within its ranges: its own `refusals`, or else whether its block builds a graph. */
export function askKernel(kernel: AnyKernel, config: KernelConfig): KernelAnswer {
  try {
    if (kernel.refusals !== undefined) return { refusals: kernel.refusals(config) };
    blockGraph(new kernel.block(config, 1));
    return { refusals: [] };
  } catch (error) {
    if (NnmError.isInstance(error) && error.code === 'ERR_INVALID_CONFIG' && Array.isArray(error.details.problems)) {
      return { refusals: error.details.problems as readonly Problem[] };
    }
    return { refusals: [], failure: error };
  }
}

/** A value in a few characters: one of a file can be of any size and depth. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return String(value);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
