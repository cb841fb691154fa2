import { NnmError } from '@nnm/core';
import { describeFailures } from '@nnm/profiler';
import type { MeasuredSample } from './records.ts';

/**
 * An error that says there are too few rows, with the reasons why there are not more; any other error as it is.
 *
 * @param unmeasured - configurations that the time budget left no time for
 */
export function explainTooFewRows(error: unknown, samples: readonly MeasuredSample[], unmeasured: number): unknown {
  const failed = samples.filter((sample) => sample.status === 'failed');
  if (!NnmError.isInstance(error) || error.code !== 'ERR_TOO_FEW_ROWS' || failed.length + unmeasured === 0) return error;
  const reasons = [
    ...(unmeasured > 0 ? [`${unmeasured} were not measured because the time budget ended`] : []),
    ...(failed.length > 0 ? [describeFailures(failed)] : []),
  ];
  return new NnmError(
    {
      code: error.code,
      message: `${error.message} ${reasons.join('; ')}.`,
      hint:
        failed.length > 0
          ? 'Correct the reason and run the same command again: what failed is tried once more.'
          : 'Run the same command again with more time: it carries on where this one ended.',
      details: error.details ?? {},
    },
    { cause: error },
  );
}
