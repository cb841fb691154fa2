import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LoudVisit } from './visit-record.ts';

/** The recorded visits of a backend, a line each; a torn last line is left out. */
export class PhasesFile {
  readonly visits: LoudVisit[];

  constructor(private readonly file: string) {
    mkdirSync(path.dirname(file), { recursive: true });
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    this.visits = whole
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as LoudVisit);
    if (whole !== text) appendFileSync(file, '\n');
  }

  add(visit: LoudVisit): void {
    this.visits.push(visit);
    appendFileSync(this.file, `${JSON.stringify(visit)}\n`);
  }
}
