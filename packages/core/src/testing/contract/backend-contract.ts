import type { AnyBackend, RuntimeFactory } from '../../backend/index.ts';
import type { Op } from '../../graph/index.ts';
import { conversionCases } from './backend-conversion-cases.ts';
import { runtimeCases } from './backend-runtime-cases.ts';
import { settingsCases } from './backend-settings-cases.ts';
import type { BackendSuite } from './backend-suite.ts';
import { type ContractCase, requirementsOf } from './contract-case.ts';

/** Options of {@link backendContract}. */
export interface BackendContractOptions {
  /** The parsed `backend_config.yaml` to run with; default `{}`. */
  readonly settings?: unknown;
  /** Starts the runtime; default: the backend's own `runtime` (see {@link BackendUnderTest.factory}). */
  readonly factory?: RuntimeFactory<never>;
  /**
   * Operators that the backend may refuse with a {@link ConversionError}; default none. What is not among the basic graphs may be
   * refused without being listed, with an {@link UnsupportedOperatorError} that names the operator.
   */
  readonly mayRefuse?: readonly Op['op'][];
  /** Largest relative error of outputs against the reference; default 1e-4. */
  readonly tolerance?: number;
  /** Seed of the inputs; default 1. */
  readonly seed?: number;
}

/**
 * What every backend must do, as named cases that any test framework can loop over.
 *
 * @example
 * import { test } from 'vitest'; // or 'node:test'
 * for (const { name, run } of backendContract(myBackend)) test(name, run);
 */
export function backendContract(backend: AnyBackend, options: BackendContractOptions = {}): readonly ContractCase[] {
  const suite: BackendSuite = {
    backend,
    settings: options.settings ?? {},
    ...(options.factory && { factory: options.factory }),
    require: requirementsOf(`Backend "${backend.id}"`),
    implement: backend.implement,
    mayRefuse: options.mayRefuse ?? [],
    tolerance: options.tolerance ?? 1e-4,
    seed: options.seed ?? 1,
  };
  return [...settingsCases(suite), ...conversionCases(suite), ...runtimeCases(suite)].map(({ name, run }) => ({
    name: `${backend.id}: ${name}`,
    run,
  }));
}
