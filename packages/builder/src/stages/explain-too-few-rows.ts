import { NnmError } from '@nnm/core';
import { describeFailures } from '@nnm/profiler';
import type { MeasuredSample } from './records.ts';

/** An error that says there are too few rows, with the reasons why measurements failed; any other error as it is. */
export function explainTooFewRows(error: unknown, samples: readonly MeasuredSample[]): unknown {
  const failed = samples.filter((sample) => sample.status === 'failed');
  if (!NnmError.isInstance(error) || error.code !== 'ERR_TOO_FEW_ROWS' || failed.length === 0) return error;
  return new NnmError(
    {
      code: error.code,
      message: `${error.message} ${describeFailures(failed)}`,
      hint: 'Correct the reason and run the same command again: what failed is tried once more.',
      details: error.details ?? {},
    },
    { cause: error },
  );
}
