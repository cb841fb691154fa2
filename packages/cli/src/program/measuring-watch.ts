import { DEFAULT_POLICY } from '@nnm/profiler';
import type { SilenceWatch } from './messages.ts';
import { supervisorLink } from './supervisor-link.ts';

/** A budget is kept by the engine itself, which gives visits this long to end; only what keeps it from that is left for the watch. */
const BUDGET_GRACE_MS = 2000;
/** Training gives control back more often than this. */
const SILENCE_MS = 10_000;
/** A kernel may keep its process busy for so long, and a little. */
const KERNEL_GRACE_MS = 15_000;

const CAUSE = 'Code of a plugin that runs in the process of nnm, such as a runtime that is a function, keeps it busy.';
const HINT =
  'What was measured is kept: the same command carries on, and comes last to what it was busy with. A runtime that is a module runs in a process of its own, which can be ended alone.';

/** Timers take no longer time. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Have the process that watches over this one end it when code of others does not give control back: for longer than a kernel may take, or
 * at the end of a time budget. Does nothing where nobody watches, as there is no code of others.
 *
 * @param budgetMs - undefined: without end
 */
export async function watchMeasuring(budgetMs: number | undefined): Promise<void> {
  const link = supervisorLink();
  const silenceMs = DEFAULT_POLICY.kernelTimeoutMs + KERNEL_GRACE_MS;
  await link?.watch({ afterMs: 0, silenceMs, error: errorOf(`for ${silenceMs / 1000} s`) });
  if (budgetMs === undefined) return;
  const afterMs = Math.min(LONGEST_MS, budgetMs + BUDGET_GRACE_MS);
  const error = errorOf(`at the end of its time budget of ${budgetMs / 1000} s`);
  await link?.watch({ afterMs, silenceMs: SILENCE_MS, error });
}

function errorOf(when: string): SilenceWatch['error'] {
  return { code: 'ERR_NO_ANSWER', message: `The command did not give control back ${when} and was stopped. ${CAUSE}`, hint: HINT };
}
