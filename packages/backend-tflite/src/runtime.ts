import { type RuntimeFactory, RuntimeUnavailableError } from '@nnm/core';
import { LIBRARY_VARIABLE } from './native/library.ts';
import type { TfliteSettings } from './settings.ts';

const BACKEND = 'tflite_cpu';

/**
 * Start TensorFlow Lite in this process.
 *
 * @throws {@link RuntimeUnavailableError} when the library or koffi, which calls it, is missing or for another platform
 */
const createRuntime: RuntimeFactory<TfliteSettings> = async (settings) => {
  const { startNativeRuntime } = await importNative();
  return startNativeRuntime(BACKEND, settings, process.env[LIBRARY_VARIABLE]);
};

/** The part that imports koffi, whose import fails where its binary for this platform was not installed. */
async function importNative(): Promise<typeof import('./native/start-runtime.ts')> {
  try {
    return await import('./native/start-runtime.ts');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/[\s.]+$/, '') : String(cause);
    throw new RuntimeUnavailableError(
      {
        backend: BACKEND,
        reason: `koffi, which calls the native library, does not load on ${process.platform}-${process.arch} (${reason})`,
        hint: 'Install the dependencies again, optional ones included: `npm install --include=optional`.',
      },
      { cause },
    );
  }
}

export default createRuntime;
