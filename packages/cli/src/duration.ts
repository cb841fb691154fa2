import { UsageError } from './errors.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };
const PART = /(\d+(?:\.\d+)?)\s*(min|s|m|h)/g;

/**
 * A duration such as `90s`, `20m`, `1h30m` in milliseconds.
 *
 * @param option - how it is named in the error
 * @throws {@link UsageError}
 */
export function parseDuration(text: string, option: string): number {
  const parts = [...text.matchAll(PART)];
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNIT_MS[unit!]!, 0);
  if (text.replace(PART, '').trim() !== '' || !(total > 0)) {
    throw new UsageError({
      message: `${option} must be a duration. Got "${text}".`,
      hint: 'Write it with units, such as 90s, 20m or 1h30m.',
    });
  }
  return total;
}

/**
 * The time that `--budget` leaves, counted from now.
 *
 * @param budget - a duration; undefined: without end
 * @returns the whole in milliseconds, and what of it is left whenever it is asked
 * @throws {@link UsageError}
 */
export function openBudget(budget: string | undefined): { readonly budgetMs?: number; readonly timeLeftMs?: () => number } {
  if (budget === undefined) return {};
  const budgetMs = parseDuration(budget, '--budget');
  const endMs = performance.now() + budgetMs;
  return { budgetMs, timeLeftMs: () => endMs - performance.now() };
}
