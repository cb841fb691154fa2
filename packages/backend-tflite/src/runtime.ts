import { type LoadedModel, type RuntimeFactory, RuntimeFailureError, RuntimeUnavailableError } from '@nnm/core';
import { createMappedAllocation } from './native/allocator.ts';
import { loadTflite } from './native/bindings.ts';
import { createErrorLog } from './native/error-log.ts';
import { chooseLibrary, LIBRARY_VARIABLE } from './native/library.ts';
import { loadNativeModel } from './native/native-model.ts';
import type { TfliteSettings } from './settings.ts';

const BACKEND = 'tflite_cpu';

/**
 * Start TensorFlow Lite in this process.
 *
 * @throws {@link RuntimeUnavailableError} when the library is missing, for another platform, or lacks the delegate
 */
const createRuntime: RuntimeFactory<TfliteSettings> = (settings) => {
  const { DELEGATE: delegate, THREADS: threads } = settings;
  const choice = chooseLibrary({
    backend: BACKEND,
    setting: settings.LIBRARY,
    variable: process.env[LIBRARY_VARIABLE],
    platform: `${process.platform}-${process.arch}`,
  });
  const api = loadTflite(BACKEND, choice);
  if (delegate === 'xnnpack' && api.xnnpack === undefined) {
    throw new RuntimeUnavailableError({
      backend: BACKEND,
      reason: `${choice.path} was built without the XNNPACK delegate`,
      hint: 'Set DELEGATE to none in configs/backend_config.yaml, or use a library that has it.',
    });
  }
  const withMappedAllocation = createMappedAllocation();
  const errors = createErrorLog();
  const loaded = new Set<LoadedModel>();
  let open = true;
  return {
    info: { runtime: 'TensorFlow Lite', version: api.version(), threads, options: { delegate, library: choice.label } },
    load(file) {
      if (!open) throw new RuntimeFailureError({ backend: BACKEND, doing: 'loading a model', reason: 'the runtime was closed' });
      const native = withMappedAllocation(() => loadNativeModel({ backend: BACKEND, api, errors, threads, delegate }, file));
      const model: LoadedModel = {
        ...native,
        close() {
          loaded.delete(model);
          return native.close();
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
};

export default createRuntime;
