import type { AnyBackend } from '../../backend/index.ts';
import type { AnyKernel } from '../../kernel/index.ts';
import type { ContractCase } from './contract-case.ts';
import { kernelBackendCases } from './kernel-backend-cases.ts';
import { blockCases } from './kernel-block-cases.ts';
import { descriptionCases, featureCases } from './kernel-feature-cases.ts';
import { samplerCases } from './kernel-sampler-cases.ts';
import { KernelUnderTest } from './kernel-under-test.ts';
import type { BackendUnderTest } from './start-runtime.ts';

/** Options of {@link kernelContract}. */
export interface KernelContractOptions {
  /** Backends the kernel must convert for and run on; none by default, so that a kernel needs no runtime to be tested. */
  readonly backends?: readonly (AnyBackend | BackendUnderTest)[];
  /** Seed of everything that is drawn; default 1. */
  readonly seed?: number;
  /** Configurations drawn for the checks of block and features; default 20. */
  readonly samples?: number;
  /** Fine-grained channels lie in `[floor(low * C), floor(high * C)]`; default `[0.4, 1.2]`. */
  readonly finegrainedRange?: readonly [low: number, high: number];
  /** Largest relative error of a backend's outputs against the reference; default 1e-4. */
  readonly tolerance?: number;
}

/**
 * What every kernel must do, as named cases that any test framework can loop over.
 *
 * @example
 * import { test } from 'vitest'; // or 'node:test'
 * for (const { name, run } of kernelContract(myKernel)) test(name, run);
 */
export function kernelContract(kernel: AnyKernel, options: KernelContractOptions = {}): readonly ContractCase[] {
  const under = new KernelUnderTest(kernel, options.seed ?? 1, options.samples ?? 20);
  return [
    ...descriptionCases(under),
    ...samplerCases(under, options.finegrainedRange ?? [0.4, 1.2]),
    ...blockCases(under),
    ...featureCases(under),
    ...(options.backends ?? []).flatMap((entry) =>
      kernelBackendCases(under, 'backend' in entry ? entry : { backend: entry }, options.tolerance ?? 1e-4),
    ),
  ].map(({ name, run }) => ({ name: `${kernel.type}: ${name}`, run }));
}
