import { type AnyBackend, type BaseBackend, NnmError, type Plugin, type RuntimeFactory } from '@nnm/core';
import {
  backendContract,
  type ContractCase,
  type ContractResult,
  edgeGraphs,
  kernelContract,
  ReferenceBackend,
  regressorContract,
  runContract,
} from '@nnm/core/testing';
import { showThrown } from '../output/show-value.ts';
import { defaultExport, importModule } from '../plugins/import-module.ts';

/** What is wrong with one requirement. */
interface CheckFailure {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** What came of checking one kernel, backend or regressor. */
export interface CheckReport {
  readonly kind: 'kernel' | 'backend' | 'regressor';
  readonly id: string;
  readonly cases: number;
  readonly failures: readonly CheckFailure[];
  /** Remarks that are not failures, such as operators a backend does not convert. */
  readonly notes: readonly string[];
}

/** What a check is given besides the plugin. */
export interface CheckOptions {
  /** Backends that the plugin's kernels are run on, besides the float64 reference. */
  readonly backends?: readonly AnyBackend[];
  /** Called, and waited for, before each case. `cases`: how many this kernel, backend or regressor has. */
  readonly onBegin?: (kind: CheckReport['kind'], id: string, name: string, cases: number) => Promise<void>;
  /** Called after each case. */
  readonly onEnd?: (failure: CheckFailure | undefined) => void;
  /** Called with what came of each kernel, backend and regressor. */
  readonly onReport?: (report: CheckReport) => void;
}

/** Run the contract suites over everything a plugin provides; a failure is a result, not an exception. */
export async function checkPlugin(plugin: Plugin, options: CheckOptions = {}): Promise<readonly CheckReport[]> {
  const backends = [new ReferenceBackend(), ...(options.backends ?? [])];
  const reports: CheckReport[] = [];
  for (const kernel of plugin.kernels ?? []) {
    reports.push(await report('kernel', kernel.type, kernelContract(kernel, { backends }), [], options));
  }
  for (const backend of plugin.backends ?? []) {
    const factory = await startHere(backend);
    const cases = backendContract(backend, { mayRefuse: ALL_OPS, ...(factory && { factory: factory as RuntimeFactory<never> }) });
    reports.push(await report('backend', backend.id, cases, await refusedGraphs(backend), options));
  }
  for (const regressor of plugin.regressors ?? []) {
    reports.push(await report('regressor', regressor.id, regressorContract(regressor), [], options));
  }
  return reports;
}

async function report(
  kind: CheckReport['kind'],
  id: string,
  cases: readonly ContractCase[],
  notes: readonly string[],
  { onBegin, onEnd, onReport }: CheckOptions,
): Promise<CheckReport> {
  const shortName = (name: string): string => name.replace(`${id}: `, '');
  const failureOf = ({ name, error }: ContractResult): CheckFailure | undefined => {
    if (error === undefined) return undefined;
    if (NnmError.isInstance(error)) return { name: shortName(name), code: error.code, message: error.message };
    return { name: shortName(name), code: 'ERR_PLUGIN_FAILED', message: showThrown(error) };
  };
  const announced = cases.map(({ name, run }) => ({
    name,
    run: async () => {
      await onBegin?.(kind, id, shortName(name), cases.length);
      await run();
    },
  }));
  const results = await runContract(announced, (result) => onEnd?.(failureOf(result)));
  const failed = results.flatMap((result) => failureOf(result) ?? []);
  // A kernel is not to blame for a runtime that this machine does not have.
  const isSkipped = ({ code }: CheckFailure): boolean => kind === 'kernel' && code === 'ERR_RUNTIME_UNAVAILABLE';
  const skipped = failed.filter(isSkipped).map(({ name, message }) => `skipped: ${name} (${message})`);
  const whole: CheckReport = {
    kind,
    id,
    cases: cases.length - skipped.length,
    failures: failed.filter((failure) => !isSkipped(failure)),
    notes: [...notes, ...skipped],
  };
  onReport?.(whole);
  return whole;
}

const ALL_OPS = [...new Set(edgeGraphs().flatMap(({ graph }) => graph.ops.map(({ op }) => op)))];

/** The factory of a runtime that is named by URL, imported as TypeScript where it is. */
async function startHere({ runtime }: BaseBackend): Promise<RuntimeFactory | undefined> {
  if (typeof runtime === 'function' || !/\.[mc]?ts$/.test(runtime.pathname)) return undefined;
  return defaultExport(await importModule(runtime.href)) as RuntimeFactory;
}

const REFUSALS: ReadonlySet<string> = new Set(['ERR_CONVERSION', 'ERR_UNSUPPORTED_OPERATOR']);

/** Operators that a backend refuses to convert, each on its own or in some form. */
async function refusedGraphs(backend: AnyBackend): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const { name, graph } of edgeGraphs()) {
    try {
      await backend.convert(graph, backend.implement[0]);
    } catch (error) {
      if (NnmError.isInstance(error) && REFUSALS.has(error.code)) refused.push(name);
    }
  }
  return refused.length === 0 ? [] : [`does not convert: ${refused.join('; ')}`];
}
