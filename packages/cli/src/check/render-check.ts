import type { Ansis } from 'ansis';
import type { CheckReport } from './check-plugin.ts';

/** One line per kernel or backend, and below it each requirement that is not met. */
export function renderChecks(reports: readonly CheckReport[], paint: Ansis): string {
  return reports
    .map(({ kind, id, cases, failures, notes }) => {
      const mark = failures.length === 0 ? paint.green('✓') : paint.red('✗');
      const passed = `${cases - failures.length} of ${cases} requirements met`;
      return [
        `${mark} ${kind} ${paint.bold(id)}: ${passed}`,
        ...failures.flatMap(({ name, message }) => [`  ${paint.red('✗')} ${name}`, ...message.split('\n').map((line) => `      ${line}`)]),
        ...notes.map((note) => `  ${paint.dim(note)}`),
      ].join('\n');
    })
    .join('\n');
}

/** How many requirements are not met. */
export function countFailures(reports: readonly CheckReport[]): number {
  return reports.reduce((sum, { failures }) => sum + failures.length, 0);
}
