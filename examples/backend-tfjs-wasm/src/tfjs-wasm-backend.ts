import { BaseBackend, ConversionError, type Graph, type Implement, siblingModule, UnsupportedOperatorError } from '@nnm/core';
import { encodeModel } from './model.ts';
import { RUN_OPERATORS } from './run-op.ts';
import { parseSettings, settingsTemplate, type TfjsWasmSettings } from './settings.ts';

/** TensorFlow.js on its WebAssembly backend, one thread, in Node: what a model costs in a browser tab on this machine. */
export class TfjsWasmBackend extends BaseBackend<TfjsWasmSettings> {
  readonly id = 'tfjs_wasm';
  readonly description = 'TensorFlow.js on WebAssembly, one thread';
  readonly implement = ['tensorflow'] as const;
  readonly modelExtension = '.tfjs.json';
  readonly settingsTemplate = settingsTemplate;
  readonly runtime = siblingModule(import.meta.url, 'runtime');

  override parseSettings(raw: unknown): TfjsWasmSettings {
    return parseSettings(this.id, raw);
  }

  override convert(graph: Graph, implement: Implement): Uint8Array {
    if (implement !== 'tensorflow') {
      throw new ConversionError({
        backend: this.id,
        graph: graph.name,
        problem: `it follows TensorFlow's conventions, not those of ${implement}`,
      });
    }
    const unknown = graph.ops.find(({ op }) => !RUN_OPERATORS.has(op));
    if (unknown !== undefined) throw new UnsupportedOperatorError({ backend: this.id, graph: graph.name, operator: unknown.op });
    return encodeModel(graph);
  }
}

export const tfjsWasm = new TfjsWasmBackend();
