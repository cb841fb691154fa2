import { type LoadedModel, type Runtime, RuntimeFailureError, RuntimeUnavailableError } from '@nnm/core';
import { createMemoryRelease } from '@nnm/native-kit';
import koffi from 'koffi';
import type { TfliteSettings } from '../settings.ts';
import { loadTflite } from './bindings.ts';
import { createErrorLog } from './error-log.ts';
import { chooseLibrary } from './library.ts';
import { loadNativeModel } from './native-model.ts';

/**
 * Load the library and describe it.
 *
 * @throws {@link RuntimeUnavailableError} when the library is missing, for another platform, or lacks the delegate
 */
export function startNativeRuntime(backend: string, settings: TfliteSettings): Runtime {
  const { DELEGATE: delegate, THREADS: threads, LIBRARY: setting, DIMENSIONS: sizes, INPUTS: values } = settings;
  const choice = chooseLibrary({ backend, setting, platform: `${process.platform}-${process.arch}` });
  const api = loadTflite(backend, choice);
  if (delegate === 'xnnpack' && api.xnnpack === undefined) {
    throw new RuntimeUnavailableError({
      backend,
      reason: `${choice.path} was built without the XNNPACK delegate`,
      hint: 'Set DELEGATE to none in configs/backend_config.yaml, or use a library that has it.',
    });
  }
  const releaseMemory = createMemoryRelease(koffi);
  const errors = createErrorLog();
  const loaded = new Set<LoadedModel>();
  let open = true;
  return {
    info: {
      runtime: 'TensorFlow Lite',
      version: api.version(),
      threads,
      options: { delegate, library: choice.label },
      ...ageOf(api.version()),
    },
    load(file) {
      if (!open) throw new RuntimeFailureError({ backend, doing: 'loading a model', reason: 'the runtime was closed' });
      const native = loadNativeModel({ backend, api, errors, threads, delegate, sizes, values }, file);
      const model: LoadedModel = {
        ...native,
        close() {
          loaded.delete(model);
          native.close();
          releaseMemory();
        },
      };
      loaded.add(model);
      return model;
    },
    close() {
      open = false;
      for (const model of loaded) void model.close();
      errors.close();
    },
  };
}

/** What to know of the library that comes with this package. */
function ageOf(version: string): { readonly timing?: string } {
  if (!version.startsWith('2.9.')) return {};
  return {
    timing:
      'below 1 microsecond of calling in a run. This library is of 2022: LIBRARY names a newer one of yours, and litert_wasm (@nnm/backend-litert) runs LiteRT of 2026',
  };
}
