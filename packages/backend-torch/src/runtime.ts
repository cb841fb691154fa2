import { performance } from 'node:perf_hooks';
import { GraphBuilder, type Runtime, type RuntimeFactory, type RuntimeInfo, RuntimeUnavailableError } from '@nnm/core';
import { askedLibrary, createMemoryRelease, koffiUnavailable } from '@nnm/native-kit';
import { lowerGraph } from './lowering/lower-graph.ts';
import { openApi } from './native/c-api.ts';
import { createCRuntime } from './native/c-runtime.ts';
import { findLibrary, INSTALL_HINT, LIBRARY_VARIABLE, type LibraryLocation } from './native/find-library.ts';
import { createJavascriptRuntime } from './native/javascript-runtime.ts';
import { switchTelemetryOff } from './native/telemetry.ts';
import type { TorchSettings } from './settings.ts';

const BACKEND = 'torch_cpu';

/**
 * How parts are timed. A fact of every measurement: what was measured before has the reorders of its own boundary in its latency, and is
 * measured again.
 */
const PARTS_AS_IN_NETWORKS = 'as in networks';

/**
 * Start ONNX Runtime in this process.
 *
 * @throws {@link RuntimeUnavailableError} when its library is missing or for another platform
 */
const start: RuntimeFactory<TorchSettings> = async (settings) => {
  switchTelemetryOff(BACKEND);
  const choice = askedLibrary(BACKEND, { variable: LIBRARY_VARIABLE, setting: settings.LIBRARY, what: 'an ONNX Runtime library' });
  if (settings.CALL === 'javascript') {
    if (choice === undefined) return startJavascript(settings, findLibrary(BACKEND, undefined));
    const hint = `Set CALL to c_api or auto, or remove ${choice.source}.`;
    throw new RuntimeUnavailableError({ backend: BACKEND, reason: 'CALL: javascript cannot use another library', hint });
  }
  const library = findLibrary(BACKEND, choice);
  try {
    return await startC(settings, library);
  } catch (error) {
    if (settings.CALL === 'c_api' || choice !== undefined) throw error;
    // If onnxruntime-node cannot be loaded either, the reason of the first failure is the one to know.
    return startJavascript(settings, library).catch(() => Promise.reject(error));
  }
};

export default start;

async function startC(settings: TorchSettings, library: LibraryLocation): Promise<Runtime> {
  const koffi = await import('koffi').catch((cause: unknown) => {
    throw koffiUnavailable(BACKEND, cause, 'Or set CALL: javascript in configs/backend_config.yaml.');
  });
  const api = openApi(koffi.default, BACKEND, library);
  const timing = 'C API with bound inputs and outputs: a run takes below 1 microsecond beyond what the runtime itself takes';
  const info = describeRuntime(settings, library, api.version, 'c_api', timing);
  return createCRuntime(BACKEND, api, settings, info, createMemoryRelease(koffi.default));
}

async function startJavascript(settings: TorchSettings, library: LibraryLocation): Promise<Runtime> {
  const ort = await import('onnxruntime-node').catch((cause: unknown) => {
    throw new RuntimeUnavailableError(
      { backend: BACKEND, reason: `onnxruntime-node cannot be loaded (${String(cause)})`, hint: INSTALL_HINT },
      { cause },
    );
  });
  const version = ort.env.versions.node ?? 'unknown';
  const overheadUs = await measureCallUs(
    await createJavascriptRuntime(BACKEND, ort, settings, describeRuntime(settings, library, version, 'javascript', '')),
  );
  const timing = `JavaScript API: every run includes about ${overheadUs.toFixed(0)} microseconds of JavaScript, measured on a model that does nothing`;
  return createJavascriptRuntime(BACKEND, ort, settings, describeRuntime(settings, library, version, 'javascript', timing));
}

function describeRuntime(settings: TorchSettings, library: LibraryLocation, version: string, call: string, timing: string): RuntimeInfo {
  return {
    runtime: 'ONNX Runtime',
    version,
    threads: settings.THREADS,
    options: {
      provider: 'CPU',
      graphOptimization: settings.GRAPH_OPTIMIZATION,
      ...(settings.GRAPH_OPTIMIZATION === 'all' && { parts: PARTS_AS_IN_NETWORKS }),
      call,
      library: library.label,
    },
    timing,
  };
}

/** Median microseconds of a run of a model with one element and nothing to do. */
async function measureCallUs(runtime: Runtime): Promise<number> {
  const g = new GraphBuilder('identity');
  const model = await runtime.load(lowerGraph(g.build(g.input([1, 1]))));
  const times: number[] = [];
  for (let i = 0; i < 500; i++) {
    const before = performance.now();
    await model.run();
    times.push(performance.now() - before);
  }
  await model.close();
  return 1000 * (times.sort((a, b) => a - b)[times.length >> 1] as number);
}
