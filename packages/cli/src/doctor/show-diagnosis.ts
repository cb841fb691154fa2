import type { Ansis } from 'ansis';
import type { Diagnosis } from './diagnose.ts';

/** One finding as lines for people: how it is, what it is about, and what to do. */
export function showDiagnosis({ what, status, text, hint }: Diagnosis, paint: Ansis): string {
  const mark = {
    ok: paint.green('ok     '),
    warning: paint.yellow('warning'),
    failed: paint.red('failed '),
    unknown: paint.dim('unknown'),
  }[status];
  const line = `${mark}  ${paint.bold(what)}: ${text}`;
  return hint === undefined ? line : `${line}\n         ${paint.cyan('Hint:')} ${hint}`;
}
