import { type AnyBackend, deviceOf, NnmError } from '@nnm/core';
import { openProfilerSession, type ProfilerSession, referenceGraph, type SessionOptions } from '@nnm/profiler';
import { checkInference, type InferenceCheck } from './check-inference.ts';
import { supervisorLink } from './program/supervisor-link.ts';

/** What a runtime is started with, and how long it may take over one thing. */
export interface CheckedSessionOptions extends Pick<SessionOptions, 'settings' | 'levelsFile' | 'relearn'> {
  readonly backend: AnyBackend;
  readonly timeoutMs: number;
}

/** A started runtime, and what its first model gave. */
export interface CheckedSession {
  readonly session: ProfilerSession;
  readonly inference: InferenceCheck;
}

/** How long a process may be silent after the time that its runtime has. */
const ANSWER_MS = 5000;

/** A runtime in this process did not come to an end; it cannot be stopped alone, only left or ended with the whole process. */
class ConnectTimeoutError extends NnmError {
  constructor(details: { backend: string; seconds: number }) {
    super({
      code: 'ERR_RUNTIME_START_TIMEOUT',
      message: `The runtime of ${details.backend} did not run its first models within ${details.seconds} s.`,
      hint: 'Look at what it waits for: a device that does not answer, a promise that nothing settles, a loop without end. --timeout gives it longer.',
      details,
    });
  }
}

/**
 * Start a backend's runtime as measurements do, and believe nothing: two models are loaded, `run` is called on one until its clock has
 * shown what it is, `execute` on the other. A runtime that dies, never ends or has a clock that no latency can be read from is found
 * here; where it has a process of its own, that is stopped.
 *
 * @throws what it fails with
 */
export async function openCheckedSession({ timeoutMs, ...options }: CheckedSessionOptions): Promise<CheckedSession> {
  const { backend } = options;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new ConnectTimeoutError({ backend: backend.id, seconds: timeoutMs / 1000 });
  // A runtime in this process that never gives control back keeps its limit from ending it: the process around this one does.
  const { code, message, hint = '' } = tooLate;
  const answered = await supervisorLink()?.watch({
    afterMs: timeoutMs,
    silenceMs: ANSWER_MS,
    error: { code: code as `ERR_${string}`, message, hint },
  });
  const late = new Promise<never>((_, reject) => {
    // A process of its own has a limit for every step, and says which one took too long.
    const device = deviceOf(backend);
    const isApart = device !== undefined || backend.runtime instanceof URL;
    const patienceMs = (isApart ? 4 * timeoutMs + 5000 : timeoutMs) + (device?.patienceMs ?? 0);
    timer = setTimeout(() => reject(tooLate), patienceMs);
  });
  try {
    return await Promise.race([open(options, timeoutMs), late]);
  } finally {
    clearTimeout(timer);
    answered?.();
  }
}

async function open(options: Omit<CheckedSessionOptions, 'timeoutMs'>, kernelTimeoutMs: number): Promise<CheckedSession> {
  const { backend } = options;
  const session = await openProfilerSession({
    ...options,
    policy: { kernelTimeoutMs },
    referenceModel: () => backend.convert(referenceGraph(backend), backend.implement[0]),
  });
  try {
    return { session, inference: await checkInference(session, backend) };
  } catch (error) {
    await session.close();
    throw error;
  }
}
