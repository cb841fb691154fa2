import { NnmError } from '../errors/index.ts';

/** A thread that grows trees could not be started, or ended before its trees were grown. */
export class ForestThreadError extends NnmError {
  constructor(details: { reason: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_FOREST_THREAD',
        message: `A thread that grows trees of the random forest ${details.reason}.`,
        hint: 'Try fewer `threads`, or leave `forestWorkers` out: one thread gives the same predictor, only later.',
        details,
      },
      options,
    );
  }
}
