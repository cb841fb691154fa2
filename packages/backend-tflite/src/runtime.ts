import type { RuntimeFactory } from '@nnm/core';
import { koffiUnavailable } from '@nnm/native-kit';
import type { TfliteSettings } from './settings.ts';

const BACKEND = 'tflite_cpu';

/**
 * Start TensorFlow Lite in this process.
 *
 * @throws {@link RuntimeUnavailableError} when the library or koffi, which calls it, is missing or for another platform
 */
const createRuntime: RuntimeFactory<TfliteSettings> = async (settings) => {
  const { startNativeRuntime } = await importNative();
  return startNativeRuntime(BACKEND, settings);
};

/** The part that imports koffi, whose import fails where its binary for this platform was not installed. */
async function importNative(): Promise<typeof import('./native/start-runtime.ts')> {
  try {
    return await import('./native/start-runtime.ts');
  } catch (cause) {
    throw koffiUnavailable(BACKEND, cause);
  }
}

export default createRuntime;
