import type { Runtime } from '@nnm/core';
import { ortWasm } from '../ort-wasm-backend.ts';
import start from '../runtime-wasm.ts';

const started = new Map<string, Promise<Runtime>>();

/** A factory that starts ONNX Runtime's WebAssembly once for the same settings and never closes it: for hundreds of graphs. */
export function startOnce(settings: object): Promise<Runtime> {
  const key = JSON.stringify(settings);
  const runtime = started.get(key) ?? Promise.resolve(start(ortWasm.parseSettings(settings)));
  started.set(key, runtime);
  return runtime.then((one) => ({ ...one, close: () => undefined }));
}
