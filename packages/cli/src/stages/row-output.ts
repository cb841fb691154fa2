import { resolve } from 'node:path';
import { writeWholeFile } from '@nnm/builder';
import { Flags } from '@oclif/core';
import { countOf } from '../output/quantities.ts';
import { shortPath } from '../plugins/origin.ts';
import type { StageRow } from './stage-row.ts';
import { assertTable, ROW_FORMATS, type RowFormat, renderRows, rowFormatOf } from './write-rows.ts';

/** `--output` and `--format` of the stages that write rows. */
export const rowOutputFlags = {
  output: Flags.string({ char: 'o', description: 'File to write. Default: stdout, also for `-`.', helpValue: '<file>' }),
  format: Flags.option({
    options: ROW_FORMATS,
    description: 'JSON Lines, or a table of one kernel. Default: what --output ends in (.csv, .tsv), or else JSON Lines.',
  })(),
};

/** Where the rows of a stage go. */
export class RowOutput {
  /** Undefined for stdout. */
  readonly file: string | undefined;
  private readonly format: RowFormat;

  constructor({ output, format }: { readonly output?: string | undefined; readonly format?: RowFormat | undefined }) {
    this.file = output === undefined || output === '-' ? undefined : resolve(output);
    this.format = format ?? rowFormatOf(this.file);
  }

  /** Before long work: @throws `UsageError` when these rows cannot be written in the format. */
  assertFits(rows: readonly Pick<StageRow, 'kernel'>[]): void {
    if (this.format === 'csv') assertTable(rows);
  }

  /**
   * Write rows to the file, or say them.
   *
   * @param say - writes text to stdout
   * @returns the file; undefined for stdout
   */
  async write(rows: readonly StageRow[], say: (text: string) => void): Promise<string | undefined> {
    const text = renderRows(rows, this.format, this.file);
    if (this.file === undefined) say(text);
    else await writeWholeFile(this.file, text);
    return this.file;
  }

  /** `100 configurations in configs.jsonl` */
  describe(rows: number, noun: string): string {
    return `${countOf(rows, noun)} in ${shortPath(this.file ?? '-')}`;
  }
}
