import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isStandardInput, SPOOL_PREFIX, STANDARD_INPUT } from './standard-input.ts';

/** Standard input for what reads files as a whole, or here and there: it is put into a temporary file, which disposing of this removes. */
export class SpooledInput implements AsyncDisposable {
  private folder: string | undefined;
  private spooled: Promise<string> | undefined;

  /** A file as it is; the temporary one for `-`. */
  async fileOf(file: string): Promise<string> {
    if (!isStandardInput(file)) return file;
    this.spooled ??= this.spool();
    return this.spooled;
  }

  private async spool(): Promise<string> {
    this.folder = await mkdtemp(join(tmpdir(), SPOOL_PREFIX));
    const file = join(this.folder, STANDARD_INPUT);
    await pipeline(process.stdin, createWriteStream(file));
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.folder !== undefined) await rm(this.folder, { recursive: true, force: true });
  }
}
