/**
 * Run a generator of events for its result.
 *
 * @param onEvent - called with every event
 * @example const { predictor } = await runToEnd(buildPredictorForKernel('conv-bn-relu', context));
 */
export async function runToEnd<E, T>(stage: AsyncGenerator<E, T, void>, onEvent: (event: E) => void = () => undefined): Promise<T> {
  for (;;) {
    const step = await stage.next();
    if (step.done) return step.value;
    onEvent(step.value);
  }
}
