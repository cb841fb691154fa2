import { BaseBackend, ConversionError, type Graph, type Implement, siblingModule, UnsupportedOperatorError } from '@nnm/core';
import { encodeModel } from './model.ts';
import { RUN_OPERATORS, reasonAgainst } from './run-op.ts';
import { parseSettings, settingsTemplate, type TfjsEagerSettings } from './settings.ts';

/** TensorFlow.js called op by op on WebAssembly, one thread, in Node: what a model costs that is written in code, not converted. */
export class TfjsEagerBackend extends BaseBackend<TfjsEagerSettings> {
  readonly id = 'tfjs_eager';
  readonly description = 'TensorFlow.js op by op on WebAssembly, one thread';
  readonly implement = ['tensorflow'] as const;
  readonly modelExtension = '.tfjs.json';
  readonly settingsTemplate = settingsTemplate;
  readonly runtime = siblingModule(import.meta.url, 'runtime');

  override parseSettings(raw: unknown): TfjsEagerSettings {
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
    for (const op of graph.ops) {
      const reason = reasonAgainst(op);
      if (reason !== undefined) throw new UnsupportedOperatorError({ backend: this.id, graph: graph.name, operator: op.op, reason });
    }
    return encodeModel(graph);
  }
}

export const tfjsEager = new TfjsEagerBackend();
