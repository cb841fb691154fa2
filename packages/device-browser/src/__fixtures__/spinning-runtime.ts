import type { RuntimeFactory } from '@nnm/core';

/** Settings of the fixture. */
export interface SpinningSettings {
  readonly fail?: boolean;
}

/**
 * A runtime for pages whose models are commands: `spin 0.2` computes for 0.2 ms, `wait 500` is done after so many milliseconds, `throw`
 * fails, `hang` never ends, `leave` is a message to nobody and never ends.
 */
const startSpinningRuntime: RuntimeFactory<SpinningSettings> = async (settings) => {
  if (settings.fail) throw new Error('The device has no adapter.');
  const data = await (await fetch(new URL('./data/facts.json', import.meta.url))).json();
  return {
    info: { runtime: 'Spinning', version: data.version, threads: 1, options: { document: typeof document, isolated: crossOriginIsolated } },
    load(model) {
      const [command, argument] = new TextDecoder().decode(model).split(' ');
      const ms = Number(argument ?? 0);
      return {
        run: () => {
          if (command === 'wait') return new Promise((resolve) => setTimeout(resolve, ms));
          if (command === 'throw') throw new Error('The operator is not known.');
          spin(command === 'hang' ? Number.POSITIVE_INFINITY : ms);
        },
        execute: (inputs) => inputs.map(({ shape, data }) => ({ shape, data: data.map((value) => 2 * value) })),
        close: () => undefined,
      };
    },
    close: () => undefined,
  };
};

export default startSpinningRuntime;

/** Work that takes `ms`; the state is kept so that no engine leaves it out. */
function spin(ms: number): number {
  const end = performance.now() + ms;
  let state = 1;
  while (performance.now() < end) for (let i = 0; i < 50; i++) state = (state * 1103515245 + 12345) >>> 0;
  return state;
}
