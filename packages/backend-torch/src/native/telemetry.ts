import { isMainThread } from 'node:worker_threads';
import { RuntimeUnavailableError } from '@nnm/core';

/** ONNX Runtime's own switch, read when its environment is made. */
const VARIABLE = 'ORT_DISABLE_TELEMETRY';

/**
 * Keep ONNX Runtime from sending usage data: its released builds look up a host of Microsoft's and write a device id below the
 * user's cache folder as soon as an environment is made, before `DisableTelemetryEvents` can be called. To be called before the
 * library is loaded, in whatever way. Processes started later inherit it.
 *
 * @throws {@link RuntimeUnavailableError} in a worker thread whose environment does not say so already: a thread changes only a
 * copy of the environment, which native code does not see
 */
export function switchTelemetryOff(backend: string): void {
  if (!isMainThread && process.env[VARIABLE] !== '1') {
    throw new RuntimeUnavailableError({
      backend,
      reason: 'in a worker thread ONNX Runtime cannot be kept from sending usage data',
      hint: `Set the environment variable ${VARIABLE} to 1 before the program starts, or start the runtime in its main thread.`,
    });
  }
  process.env[VARIABLE] = '1';
}
