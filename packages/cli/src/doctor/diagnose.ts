import { type DeviceFinding, deviceOf, NnmError, type Registry } from '@nnm/core';
import type { NoiseReport, ProfilerSession } from '@nnm/profiler';
import { openCheckedSession } from '../open-checked-session.ts';
import { reportError } from '../output/describe-error.ts';
import { countOf, formatShare } from '../output/quantities.ts';
import type { FoundPlugins } from '../plugins/discover.ts';
import { describeOrigin } from '../plugins/origin.ts';
import { unusable } from '../plugins/unusable.ts';
import type { BackendSetup } from '../workspace-command.ts';

/** What one check found. */
export interface Diagnosis extends DeviceFinding {
  /** Numbers behind the text, for `--json`. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** How long a runtime may take over starting, or over one model. */
const TIMEOUT_MS = 60_000;

/** For a machine that is never as fast as it once was. */
const SLOWER_HINT =
  'If other programs or tenants are why, stop them, or measure at another hour: measurements are flagged as contended. If the machine has become slower for good (power settings, firmware, another host), `nnm doctor --relearn` takes its present speed for its best.';

/** Below this share of quiet probes, measuring takes noticeably longer. */
const QUIET_ENOUGH = 0.5;

/** Check the nnm config and every plugin that applies here. */
export async function diagnosePlugins(find: () => Promise<FoundPlugins>): Promise<readonly Diagnosis[]> {
  try {
    const found = await find();
    const { config, plugins, notes } = found;
    const from = config === undefined ? 'no nnm config' : config.file;
    const names = plugins.map(({ plugin }) => plugin.name).join(', ') || 'none';
    return [
      { what: 'Config', status: 'ok', text: from },
      { what: 'Plugins', status: 'ok', text: `${countOf(plugins.length, 'plugin')}: ${names}` },
      ...notes.map((text) => ({ what: 'Plugins', status: 'ok' as const, text })),
      ...unusable(found).map(({ what, origin, error }) =>
        failed(origin === undefined ? what : `Plugin ${what} (${describeOrigin(origin)})`, error),
      ),
    ];
  } catch (error) {
    return [failed('Config', error)];
  }
}

/** What there is of each kind of device, without starting any. One that is not there is no failure: nothing may need it. */
export async function diagnoseDevices({ devices, backends }: Registry): Promise<readonly Diagnosis[]> {
  return Promise.all(
    devices.map(async ({ value: kind }): Promise<Diagnosis> => {
      const what = `Device ${kind.id}`;
      const ids = backends.flatMap(({ value }) => (kind.refuse(value) === undefined ? value.id : []));
      const runs = ids.length > 0 ? `runs ${ids.join(', ')}` : 'no installed backend runs there';
      try {
        return { what, status: 'ok', text: `${await kind.look(kind.address === undefined ? kind.parseSettings({}) : undefined)}; ${runs}` };
      } catch (error) {
        return { ...failed(what, error), status: 'warning' };
      }
    }),
  );
}

/** How a runtime is looked at. */
export interface RuntimeChecks {
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** By its name or a workspace's: else it is no failure that a part of it is left to the user. */
  readonly isAskedFor: boolean;
  /** Take the speed that it has now for its best. Default false. */
  readonly relearn?: boolean;
}

/** Start a backend's runtime, run one model, and listen to the machine for some seconds. */
export async function* diagnoseRuntime(
  { backend, settings }: BackendSetup,
  { seconds, signal, isAskedFor, relearn = false }: RuntimeChecks,
): AsyncGenerator<Diagnosis> {
  let session: ProfilerSession;
  try {
    ({ session } = await openCheckedSession({ backend, settings, relearn, timeoutMs: TIMEOUT_MS }));
  } catch (error) {
    const diagnosis = failed(backend.id, error);
    // What runs in browsers too need not run here.
    const isElsewhere = backend.browser !== undefined && deviceOf(backend) === undefined;
    const isNotNeeded = isElsewhere || (!isAskedFor && backend.whyNot?.() !== undefined);
    yield isNotNeeded && isUnavailable(error) ? { ...diagnosis, status: 'warning' } : diagnosis;
    return;
  }
  const said = session.notes.length;
  try {
    const { info, isolation } = session;
    const pinned = isolation.cpus === undefined ? '' : `, pinned to CPU ${isolation.cpus.join(', ')}`;
    yield {
      what: backend.id,
      status: 'ok',
      text: `${info.runtime} ${info.version}, ${countOf(info.threads, 'thread')}${pinned}`,
      details: { ...info },
    };
    for (const note of session.notes) yield { what: backend.id, status: 'warning', text: note };
    signal.throwIfAborted();
    if (session.gated) yield judgeNoise(backend.id, await session.measureNoise(seconds));
    else yield { what: `Noise (${backend.id})`, status: 'unknown', text: 'it has no reference kernel to be measured with' };
  } catch (error) {
    if (signal.aborted) throw error;
    yield failed(backend.id, error);
    return;
  } finally {
    await session.close();
  }
  const unkept = session.notes.slice(said);
  for (const note of unkept) yield { what: backend.id, status: 'warning', text: note };
  if (relearn && session.gated && unkept.length === 0)
    yield { what: backend.id, status: 'ok', text: 'this speed is its best known speed from now on' };
}

/** Say in words how noisy the machine was. */
export function judgeNoise(backend: string, { seconds, slowdown, drift }: NoiseReport): Diagnosis {
  const what = `Noise (${backend})`;
  const details = {
    seconds,
    slowdown,
    quietShare: drift.quietShare,
    probes: drift.probes,
    quietLevelMs: drift.quietLevelMs,
    doubted: drift.doubted,
  };
  const text = `quiet ${formatShare(drift.quietShare)} of ${seconds} s, the reference kernel ${slowdown.toFixed(2)} times its quiet time`;
  const { unreached } = drift;
  if (unreached !== undefined && (drift.doubted || drift.quietShare < QUIET_ENOUGH)) {
    const since = unreached.since === undefined ? '' : `, nor has any session since ${unreached.since.slice(0, 10)}`;
    return {
      what,
      status: 'warning',
      text: `${text}; it never came near its best known speed (${unreached.slowdown.toFixed(2)} times slower)${since}`,
      hint: SLOWER_HINT,
      details: { ...details, unreached },
    };
  }
  if (drift.quietShare < QUIET_ENOUGH) {
    return {
      what,
      status: 'warning',
      text,
      hint: 'Something else uses this machine. Measuring works, but takes longer and may flag kernels.',
      details,
    };
  }
  return { what, status: 'ok', text, details };
}

function isUnavailable(error: unknown): boolean {
  return NnmError.isInstance(error) && error.code === 'ERR_RUNTIME_UNAVAILABLE';
}

function failed(what: string, error: unknown): Diagnosis {
  if (!NnmError.isInstance(error) && !(error instanceof Error)) throw error;
  const { code, message, hint } = reportError(error);
  return { what, status: 'failed', text: `${message} [${code}]`, ...(hint !== undefined && { hint }) };
}
