import { type Runtime, RuntimeUnavailableError } from '@nnm/core';
import { getThreadsCount, setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadGraphModelSync } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { TfjsWasmSettings } from '../settings.ts';
import { tfjsRuntime } from './start-runtime.ts';

const BACKEND = 'tfjs_wasm';

/** Where the files of WebAssembly are, and whether threads are there. */
interface WasmPlace {
  /** Prefix of their paths or URLs. */
  readonly prefix: string;
  readonly hasThreads: boolean;
  /** What to do when they cannot be loaded. */
  readonly hint: string;
}

/** What the one WebAssembly module of this process was started with: TensorFlow.js's kernels are bound to the first. */
let started: string | undefined;

/**
 * Start TensorFlow.js on WebAssembly.
 *
 * @throws {@link RuntimeUnavailableError} when its file cannot be loaded, when there are no threads, or when this process has started it
 * with other settings before
 */
export async function startWasm(settings: TfjsWasmSettings, { prefix, hasThreads, hint }: WasmPlace): Promise<Runtime> {
  const { SIMD, THREADS } = settings;
  const unavailable = (reason: string, advice: string, cause?: unknown): RuntimeUnavailableError =>
    new RuntimeUnavailableError({ backend: BACKEND, reason, hint: advice }, { cause });
  if (THREADS > 1 && !(hasThreads && SIMD)) {
    const reason = `it has no threads ${SIMD ? 'here' : 'without SIMD'}, and THREADS is ${THREADS}`;
    throw unavailable(reason, 'Set THREADS: 1, or run in a browser (DEVICE: browser) with SIMD: TRUE.');
  }
  const wanted = `SIMD ${SIMD}, THREADS ${THREADS}`;
  if (started !== undefined && started !== wanted) {
    throw unavailable(`this process has started it with ${started} before`, 'Use one process for each of them.');
  }
  setWasmPaths(prefix);
  setThreadsCount(THREADS);
  tf.env().set('WASM_HAS_SIMD_SUPPORT', SIMD);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', THREADS > 1);
  const isStarted = await tf.setBackend('wasm').catch((cause: unknown) => {
    throw unavailable(`its WebAssembly file could not be loaded from ${prefix}`, hint, cause);
  });
  if (!isStarted) throw unavailable(`its WebAssembly file could not be loaded from ${prefix}`, hint);
  started = wanted;
  const threads = THREADS > 1 ? getThreadsCount() : 1;
  const info = { runtime: 'TensorFlow.js', version: tf.version_core, threads, options: { backend: 'wasm', simd: SIMD } };
  return tfjsRuntime({ tf: { ...tf, loadGraphModelSync }, backend: BACKEND, name: 'wasm', info }, settings);
}
