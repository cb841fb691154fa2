import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeviceUnavailableError } from '@nnm/core';
import { type Adb, type AdbCall, type AdbResult, saidBy } from '../adb/adb.ts';
import { isWhole, quote, runningPid, saidValues, say, scriptOf } from './shell.ts';

/** The phone or its shell was gone before a script came to its end. */
export class PhoneLostError extends Error {
  /**
   * @param away - the phone itself is gone; else only its shell was ended
   * @param said - what adb said
   */
  constructor(
    readonly away: boolean,
    readonly said: string,
  ) {
    super(said);
  }
}

/** Only programs below it may be run: what a user's other folders are on is mounted without that right. */
const PROGRAM_FOLDER = '/data/local/tmp';
/** The folder of nnm on a phone; every session has one of its own in it. */
const OWN = 'nnm';
/** What a session left behind that was killed is removed by a later one, after this many days. */
const STALE_DAYS = 7;
/** Longest that a script may take that measures nothing, and ending a program, milliseconds. */
const ANSWER_MS = 30_000;
const END_MS = 3000;

/** What a phone says when there is no room. */
const isFull = (said: string): boolean => /no space left|ENOSPC|quota exceeded/i.test(said);

/** One phone: its shell, and the folders in it that are nnm's own. */
export class Phone {
  readonly session = randomBytes(6).toString('hex');
  private folders: Promise<void> | undefined;
  private readonly running = new Set<AdbCall>();

  /** @param modelFolder - the user's, in which nnm makes its own */
  constructor(
    private readonly adb: Adb,
    private readonly modelFolder: string,
  ) {}

  get serial(): string {
    return this.adb.serial!;
  }

  /** The folders of this session: that of models, and that of programs. */
  private get own(): { readonly models: string; readonly programs: string } {
    return { models: `${this.modelFolder}/${OWN}/${this.session}`, programs: `${PROGRAM_FOLDER}/${OWN}/${this.session}` };
  }

  modelPath(name: string): string {
    return `${this.own.models}/${name}`;
  }

  programPath(name: string): string {
    return `${this.own.programs}/${name}`;
  }

  /**
   * Run a script made by {@link scriptOf}, which measures nothing.
   *
   * @throws {@link PhoneLostError}, also when it does not come to an end
   */
  async script(text: string): Promise<string> {
    let isLate = false;
    const call = this.adb.call(['shell', text]);
    const timer = setTimeout(() => {
      isLate = true;
      call.kill();
    }, ANSWER_MS);
    const result = await call.result.finally(() => clearTimeout(timer));
    if (isWhole(result.stdout)) return result.stdout;
    throw new PhoneLostError(!(await this.isThere()), isLate ? `it did not answer within ${ANSWER_MS / 1000} s` : saidBy(result));
  }

  /**
   * Run a script made by {@link scriptOf}, for as long as it takes or until {@link end}.
   *
   * @param onOutput - hears all of its output so far, whenever there is more
   * @throws {@link PhoneLostError}
   */
  async measure(text: string, onOutput: (output: string) => void): Promise<string> {
    let output = '';
    const result = await this.run(['shell', text], (more) => {
      output += more.replaceAll('\r', '');
      onOutput(output);
    });
    if (isWhole(result.stdout)) return result.stdout;
    throw new PhoneLostError(!(await this.isThere()), saidBy(result));
  }

  /** A call of adb that {@link end} ends. */
  private async run(args: readonly string[], onOutput?: (text: string) => void): Promise<AdbResult> {
    const call = this.adb.call(args, onOutput);
    this.running.add(call);
    return call.result.finally(() => this.running.delete(call));
  }

  /** Put bytes where nnm keeps its models or programs. @throws {@link PhoneLostError}, {@link DeviceUnavailableError} */
  async pushBytes(bytes: Uint8Array, path: string): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'nnm-adb-'));
    try {
      const file = join(folder, 'file');
      await writeFile(file, bytes);
      await this.pushFile(file, path);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** The same with a file. @throws {@link PhoneLostError}, {@link DeviceUnavailableError} */
  async pushFile(file: string, path: string): Promise<void> {
    this.folders ??= this.makeFolders().catch((error: unknown) => {
      this.folders = undefined;
      throw error;
    });
    await this.folders;
    const result = await this.run(['push', file, path]);
    if (result.status !== 0) throw await this.pushFailure(result, path);
  }

  private async pushFailure(result: AdbResult, path: string): Promise<Error> {
    const said = saidBy(result);
    if (!(await this.isThere())) return new PhoneLostError(true, said);
    const folder = path.slice(0, path.lastIndexOf('/'));
    const full = isFull(`${result.stdout}${result.stderr}`);
    return new DeviceUnavailableError({
      device: 'adb',
      reason: full ? `the storage of the phone ${this.serial} is full` : `${folder} on the phone ${this.serial} cannot be written: ${said}`,
      hint: full
        ? 'Make room on the phone, or set REMOTE_MODEL_DIR in configs/backend_config.yaml to a folder where there is some. What was measured is kept.'
        : 'Set REMOTE_MODEL_DIR in configs/backend_config.yaml to a folder that the shell of the phone may write, such as /data/local/tmp.',
    });
  }

  /** Make the session's folders, and remove those that sessions which were killed have left behind. */
  private async makeFolders(): Promise<void> {
    const { models, programs } = this.own;
    const output = await this.script(
      scriptOf(
        [['mkdir', '-p', models, programs]],
        this.parents.map(
          (parent) => `find ${quote(parent)} -mindepth 1 -maxdepth 1 -type d -mtime +${STALE_DAYS} -exec rm -rf {} + 2>/dev/null`,
        ),
      ),
    );
    if (/^@nnm end 0$/m.test(output)) return;
    const said = output.split('\n').find((line) => line.includes('mkdir')) ?? 'mkdir failed';
    throw await this.pushFailure({ status: 1, stdout: '', stderr: said }, `${models}/`);
  }

  /** True when all of these files are there. @throws {@link PhoneLostError} */
  async has(paths: readonly string[]): Promise<boolean> {
    const output = await this.script(
      scriptOf([], [say('all', `${paths.map((path) => `test -e ${quote(path)}`).join(' && ')} && echo yes`)]),
    );
    return saidValues(output).all === 'yes';
  }

  /** Somebody has deleted what this session has put there: it is put there again when it is needed. */
  forgetFolders(): void {
    this.folders = undefined;
  }

  /** Delete files of this session. @throws {@link PhoneLostError} */
  async remove(paths: readonly string[]): Promise<void> {
    if (paths.length > 0) await this.script(scriptOf([], [`rm -f ${paths.map(quote).join(' ')}`]));
  }

  /** Delete everything that this session has put there. A phone that is gone keeps it until a later session removes it. */
  async clean(): Promise<void> {
    if (this.folders === undefined) return;
    this.folders = undefined;
    const { models, programs } = this.own;
    try {
      await this.script(
        scriptOf([], [`rm -rf ${quote(models)} ${quote(programs)}`, `rmdir ${this.parents.map(quote).join(' ')} 2>/dev/null`]),
      );
    } catch (error) {
      if (!(error instanceof PhoneLostError)) throw error;
    }
  }

  /** Delete the folders of all sessions. @returns those that there were @throws {@link PhoneLostError} */
  async removeAll(): Promise<readonly string[]> {
    const { parents } = this;
    const lines = parents.map((folder, index) => say(`removed${index}`, `[ -d ${quote(folder)} ] && rm -rf ${quote(folder)} && echo yes`));
    const removed = saidValues(await this.script(scriptOf([], lines)));
    return parents.filter((_, index) => removed[`removed${index}`] === 'yes');
  }

  /** The folders of nnm, in which every session has its own. */
  private get parents(): readonly string[] {
    return [...new Set([`${this.modelFolder}/${OWN}`, `${PROGRAM_FOLDER}/${OWN}`])];
  }

  /** End the program that a script of this output is running, and all calls. Never rejects. */
  async end(output: string): Promise<void> {
    const pid = runningPid(output);
    if (pid !== undefined) {
      // Only what this session has started: by now the number may be another process's.
      const isOurs = `tr '\\0' ' ' < /proc/${pid}/cmdline 2>/dev/null | grep -q ${quote(this.session)}`;
      const call = this.adb.call(['shell', `${isOurs} && kill -9 ${pid}`]);
      const timer = setTimeout(() => call.kill(), END_MS);
      // What cannot be ended ends by its own limit.
      await call.result.catch((error: unknown) => error).finally(() => clearTimeout(timer));
    }
    for (const call of this.running) call.kill();
  }

  private async isThere(): Promise<boolean> {
    const { status, stdout } = await this.adb.run('get-state');
    return status === 0 && stdout.trim() === 'device';
  }
}
