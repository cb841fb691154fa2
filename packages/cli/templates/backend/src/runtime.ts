import { Rng, type Runtime } from '@nnm/core';
import { randomTensors, runReference } from '@nnm/core/testing';
import { decodeModel } from './model.ts';
import type { TemplateNameSettings } from './settings.ts';

const ID = 'template_name';

/**
 * Start the runtime; nnm calls this in a process of its own.
 *
 * It runs nnm's plain reference, which is right and slow. Replace `run` and `execute` with calls of your runtime.
 */
export default function startRuntime(settings: TemplateNameSettings): Runtime {
  return {
    info: { runtime: 'nnm reference', version: '1', threads: settings.THREADS, options: {} },
    load(bytes) {
      const { graph, implement } = decodeModel(ID, bytes);
      const idle = randomTensors(graph, new Rng(0));
      return {
        run: () => void runReference(graph, idle, implement),
        execute: (inputs) => runReference(graph, inputs, implement),
        close: () => undefined,
      };
    },
    close: () => undefined,
  };
}
