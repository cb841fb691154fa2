import type { AnyBackend, Runtime } from '@nnm/core';

/** How long the reference warms up before anything is measured, and its clock is checked. */
const WARM_UP_MS = 142;

/** How long one run of a model takes at a moment of the virtual machine's time since the reference is warm, in milliseconds. */
export type VirtualLatency = (model: string, atMs: number) => number;

/**
 * A backend on a virtual machine with its own clock: models are names, a run takes what `latencyMs` says and no real time.
 * The reference is the model `reference`.
 */
export function virtualBackend(latencyMs: VirtualLatency, options: { readonly asynchronous?: boolean } = {}): AnyBackend {
  return {
    id: 'virtual',
    description: 'A virtual machine with its own clock.',
    implement: ['tensorflow'],
    modelExtension: '.txt',
    settingsTemplate: '',
    parseSettings: () => ({}),
    convert: (graph) => new TextEncoder().encode(graph.name),
    runtime: (): Runtime => {
      let nowMs = 0;
      return {
        info: { runtime: 'Virtual', version: '1', threads: 1, options: {} },
        now: () => nowMs,
        load(model) {
          const name = new TextDecoder().decode(model);
          const run = (): void => {
            nowMs += latencyMs(name, Math.max(0, nowMs - WARM_UP_MS));
          };
          return {
            run: options.asynchronous ? async () => run() : run,
            execute: (inputs) => inputs,
            close: () => undefined,
          };
        },
        close: () => undefined,
      };
    },
  };
}

/** The bytes of a virtual model. */
export function virtualModel(name: string): Uint8Array {
  return new TextEncoder().encode(name);
}
