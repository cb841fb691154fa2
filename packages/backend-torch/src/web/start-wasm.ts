import { GraphBuilder, type LoadedModel, type Runtime, RuntimeUnavailableError } from '@nnm/core';
import { describeCallTime } from '@nnm/native-kit/tensors';
import { lowerGraph } from '../lowering/lower-graph.ts';
import { lastError, type OrtWasmFactory } from './ort-wasm.ts';
import { createWasmRuntime } from './wasm-runtime.ts';
import type { WebSettings } from './web-settings.ts';

/** Where the module comes from. */
export interface WasmSource {
  readonly factory: OrtWasmFactory;
  /** Version of onnxruntime-web. */
  readonly version: string;
  /** What executes it, such as `V8 11.3`. */
  readonly engine: string;
  /** Where the `.wasm` file is; by default beside the module. */
  readonly locateFile?: (file: string) => string;
}

const LOG_FATAL = 4;

/**
 * Start ONNX Runtime's WebAssembly.
 *
 * @throws {@link RuntimeUnavailableError} when its `.wasm` file is missing or blocked
 */
export async function startWasm(backend: string, settings: WebSettings, source: WasmSource): Promise<Runtime> {
  const { factory, version, engine, locateFile } = source;
  const { THREADS: threads, GRAPH_OPTIMIZATION: graphOptimization } = settings;
  const unavailable = (reason: string, cause?: unknown): RuntimeUnavailableError => {
    const hint = 'See whether its .wasm file is there: it lies in the folder dist of onnxruntime-web and must be served beside a page.';
    return new RuntimeUnavailableError({ backend, reason, hint }, { cause });
  };
  const wasm = await factory({ numThreads: threads, ...(locateFile && { locateFile }) }).catch((cause: unknown) => {
    throw unavailable(`its WebAssembly does not start (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  });
  if (wasm._OrtInit(threads, LOG_FATAL) !== 0) throw unavailable(`its WebAssembly does not start (${lastError(wasm)})`);
  const info = { runtime: 'ONNX Runtime Web', version, threads, options: { provider: 'wasm', graphOptimization, build: BUILD, engine } };
  const g = new GraphBuilder('identity');
  const small = createWasmRuntime(backend, wasm, settings, info).load(lowerGraph(g.build(g.input([1, 1])))) as LoadedModel;
  const timing = `called synchronously with inputs and outputs in place: every run includes ${describeCallTime(small)} of ONNX Runtime's own around the operators, measured on a model of one element`;
  return createWasmRuntime(backend, wasm, settings, { ...info, timing });
}

/** What the only build of onnxruntime-web for CPUs uses of WebAssembly. */
const BUILD = 'SIMD';
