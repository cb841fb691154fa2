import type { AnyDeviceKind, DeviceFinding } from '@nnm/core';
import { type Diagnosis, diagnoseRuntime } from '../doctor/diagnose.ts';
import type { BackendSetup } from '../workspace-command.ts';

/** A device that is not this machine, with its settings. */
export interface ChosenDevice {
  readonly kind: AnyDeviceKind;
  readonly settings: unknown;
}

/**
 * Find out how fit a device is to measure on: what its kind finds, then how quiet it is by the reference of a backend.
 *
 * @param device - undefined for this machine
 * @param setup - a backend on it; undefined where none is installed that runs there
 */
export async function* checkDevice(
  device: ChosenDevice | undefined,
  setup: BackendSetup | undefined,
  options: { readonly seconds: number; readonly signal: AbortSignal },
): AsyncGenerator<Diagnosis> {
  for await (const finding of device === undefined ? checkThisMachine() : checkByKind(device)) {
    yield finding;
    if (finding.status === 'failed') return;
    options.signal.throwIfAborted();
  }
  if (setup !== undefined) yield* diagnoseRuntime(setup, { ...options, isAskedFor: true });
  else {
    const text = 'no backend that runs there is installed, so nothing can tell how quiet it is';
    yield { what: 'noise', status: 'unknown', text, hint: '`nnm backends` says which there are.' };
  }
}

async function* checkThisMachine(): AsyncGenerator<DeviceFinding> {
  const { checkSensors } = await import('@nnm/profiler/machine-host');
  yield { what: 'Node', status: 'ok', text: `${process.version} on ${process.platform} ${process.arch}` };
  yield* await checkSensors();
}

async function* checkByKind({ kind, settings }: ChosenDevice): AsyncGenerator<DeviceFinding> {
  if (kind.check !== undefined) {
    yield* kind.check(settings);
    return;
  }
  const { NnmError } = await import('@nnm/core');
  try {
    yield { what: kind.id, status: 'ok', text: await kind.look(settings) };
  } catch (error) {
    if (!NnmError.isInstance(error)) throw error;
    yield { what: kind.id, status: 'failed', text: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
  }
}
