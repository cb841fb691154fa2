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

/**
 * Start a backend's runtime, run one model, and listen to the machine for some seconds.
 *
 * @param isAskedFor - by its name or a workspace's: else it is no failure that a part of it is left to the user
 */
export async function* diagnoseRuntime(
  { backend, settings }: BackendSetup,
  { seconds, signal, isAskedFor }: { readonly seconds: number; readonly signal: AbortSignal; readonly isAskedFor: boolean },
): AsyncGenerator<Diagnosis> {
  let session: ProfilerSession;
  try {
    ({ session } = await openCheckedSession({ backend, settings, timeoutMs: TIMEOUT_MS }));
  } catch (error) {
    const diagnosis = failed(backend.id, error);
    // What runs in browsers too need not run here.
    const isElsewhere = backend.browser !== undefined && deviceOf(backend) === undefined;
    const isNotNeeded = isElsewhere || (!isAskedFor && backend.whyNot?.() !== undefined);
    yield isNotNeeded && isUnavailable(error) ? { ...diagnosis, status: 'warning' } : diagnosis;
    return;
  }
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
    yield judgeNoise(backend.id, await session.measureNoise(seconds));
  } catch (error) {
    if (signal.aborted) throw error;
    yield failed(backend.id, error);
  } finally {
    await session.close();
  }
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
  if (drift.doubted) {
    return {
      what,
      status: 'warning',
      text: `${text}; it never came near its best known speed`,
      hint: 'Stop other programs, or measure at another hour: every latency would be in doubt.',
      details,
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
