import type { Ansis } from 'ansis';
import type { CheckReport } from './check-plugin.ts';

/** How many requirements are named that are not met for one and the same reason. */
const SHOWN_NAMES = 3;

/** One line per kernel or backend, and below it each requirement that is not met. */
export function renderChecks(reports: readonly CheckReport[], paint: Ansis): string {
  if (reports.length === 0) return 'It provides no kernel, no backend and no regressor: there is nothing to check.';
  return reports
    .map(({ kind, id, cases, failures, notes }) => {
      const mark = failures.length === 0 ? paint.green('✓') : paint.red('✗');
      const passed = `${cases - failures.length} of ${cases} requirements met`;
      return [
        `${mark} ${kind} ${paint.bold(id)}: ${passed}`,
        ...groupByMessage(failures).flatMap(({ names, message }) => [
          ...names.slice(0, SHOWN_NAMES).map((name) => `  ${paint.red('✗')} ${name}`),
          ...(names.length > SHOWN_NAMES ? [`  ${paint.red('✗')} and ${names.length - SHOWN_NAMES} more, for the same reason:`] : []),
          ...message.split('\n').map((line) => `      ${line}`),
        ]),
        ...notes.map((note) => `  ${paint.dim(note)}`),
      ].join('\n');
    })
    .join('\n');
}

/** A runtime that does not start fails every case in the same words; they are said once. */
function groupByMessage(failures: CheckReport['failures']): readonly { readonly names: readonly string[]; readonly message: string }[] {
  const names = new Map<string, string[]>();
  for (const { name, message } of failures) names.set(message, [...(names.get(message) ?? []), name]);
  return [...names].map(([message, group]) => ({ names: group, message }));
}

/** How many requirements are not met. */
export function countFailures(reports: readonly CheckReport[]): number {
  return reports.reduce((sum, { failures }) => sum + failures.length, 0);
}
