import type { LoadedModel } from '@nnm/core';

const WARM_UP = 500;
const RUNS = 200;

/**
 * What a runtime takes for itself in every run, as a model with next to nothing to do shows it. The warm-up lets the engine compile what it calls.
 *
 * @param model - of one element, run synchronously; closed afterwards
 * @returns median in microseconds, as a phrase: `about 8.3 microseconds`
 */
export function describeCallTime(model: LoadedModel): string {
  for (let i = 0; i < WARM_UP; i++) void model.run();
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const before = performance.now();
    void model.run();
    times.push(performance.now() - before);
  }
  void model.close();
  const callUs = 1000 * (times.sort((a, b) => a - b)[RUNS >> 1] as number);
  return `about ${callUs.toFixed(callUs < 10 ? 1 : 0)} microseconds`;
}
