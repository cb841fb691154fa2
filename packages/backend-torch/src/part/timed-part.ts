import type { LoadedModel } from '@nnm/core';

/**
 * A model that is timed as a part of a network, with blocked inputs and outputs, and that computes as the model it was cut from.
 *
 * @param timed - what `run` runs
 * @param loadWhole - loads what `execute` computes with, when that is first asked for
 */
export function timedPart<W extends LoadedModel>(timed: LoadedModel, loadWhole: () => W | Promise<W>): LoadedModel {
  let whole: W | Promise<W> | undefined;
  let open = true;
  return {
    run: timed.run,
    execute(inputs) {
      // A closed model answers for itself.
      if (!open) return timed.execute(inputs);
      whole ??= loadWhole();
      return whole instanceof Promise ? whole.then((model) => model.execute(inputs)) : whole.execute(inputs);
    },
    close() {
      if (!open) return;
      open = false;
      const closed = timed.close();
      const others = whole instanceof Promise ? whole.then((model) => model.close()) : whole?.close();
      return closed instanceof Promise || others instanceof Promise ? Promise.all([closed, others]).then(() => undefined) : undefined;
    },
  };
}
