import type { AnyBackend, Runtime, RuntimeFactory } from '../../backend/index.ts';
import { ContractViolationError } from './contract-case.ts';

/** A backend and how to start it in the process of a test. */
export interface BackendUnderTest {
  readonly backend: AnyBackend;
  /** The parsed `backend_config.yaml`, checked by the backend's `parseSettings`. Default `{}`. */
  readonly settings?: unknown;
  /**
   * Starts the runtime. Default: the backend's own `runtime`. Hand in the factory itself where the backend names its module by
   * URL and runs from TypeScript sources that plain Node cannot import.
   */
  readonly factory?: RuntimeFactory<never>;
}

/**
 * Start a backend's runtime in this process, without the isolation that profiling has.
 *
 * @throws {@link ContractViolationError} when the module of `runtime` has no factory as its default export
 */
export async function startRuntime({ backend, settings = {}, factory }: BackendUnderTest): Promise<Runtime> {
  const start = (factory ?? (await importFactory(backend))) as RuntimeFactory;
  return start(backend.parseSettings(settings));
}

async function importFactory(backend: AnyBackend): Promise<RuntimeFactory> {
  if (typeof backend.runtime === 'function') return backend.runtime;
  const module = (await import(backend.runtime.href)) as { default?: unknown };
  if (typeof module.default === 'function') return module.default as RuntimeFactory;
  throw new ContractViolationError({
    subject: `Backend "${backend.id}"`,
    problem: `names ${backend.runtime.href} as its runtime, which has no function as its default export`,
  });
}

/** Start a runtime, use it, and close it whatever happens. */
export async function withRuntime<T>(under: BackendUnderTest, use: (runtime: Runtime) => Promise<T>): Promise<T> {
  const runtime = await startRuntime(under);
  try {
    return await use(runtime);
  } finally {
    await runtime.close();
  }
}
