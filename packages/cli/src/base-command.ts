import { inspect } from 'node:util';
import type { Stage } from '@nnm/builder';
import { AbortedError } from '@nnm/core';
import { Command, Errors, Flags } from '@oclif/core';
import type { Ansis } from 'ansis';
import { ResultFormatError } from './errors.ts';
import { SpooledInput } from './input/spooled-input.ts';
import { renderError, reportError } from './output/describe-error.ts';
import { legible } from './output/legible.ts';
import { paintFor } from './output/paint.ts';
import type { FollowOptions } from './output/progress.ts';
import { isReadable } from './output/show-value.ts';
import { blameForeignCode, type Suspect } from './plugins/blame.ts';
import type { Discovery, DiscoveryOptions, FoundPlugins } from './plugins/discover.ts';
import { isNnmError } from './plugins/errors.ts';
import { unusable } from './plugins/unusable.ts';
import type { ForeignStep } from './program/messages.ts';
import { supervisorLink } from './program/supervisor-link.ts';
import type { TrustGate } from './trust/trust-gate.ts';

const SECOND_INTERRUPT_EXIT_CODE = 130;

/** Base of every nnm command: `--json` and `--verbose`, one way to fail, colours, Ctrl-C, and the plugins that apply here. */
export abstract class NnmCommand extends Command {
  static override enableJsonFlag = true;

  static override baseFlags = {
    verbose: Flags.boolean({ description: 'Show more: notes, causes, and the stack of an error.', helpGroup: 'GLOBAL' }),
    quiet: Flags.boolean({
      char: 'q',
      exclusive: ['verbose'],
      description: 'Show no progress and no remarks: only the result, warnings and errors.',
      helpGroup: 'GLOBAL',
    }),
    trust: Flags.boolean({
      allowNo: true,
      description: "Run code that the folder's nnm config names although it is not trusted (see `nnm trust`), or go on without it.",
      helpGroup: 'GLOBAL',
    }),
  };

  private abort: AbortController | undefined;
  /** The plugins and nnm configs whose code may have run, and what is imported at this moment. */
  private readonly suspects: Suspect[] = [];
  private readonly configs: string[] = [];
  private importing: ForeignStep | undefined;
  private gate: TrustGate | undefined;
  private discovery: Promise<Discovery> | undefined;
  private isEnding = false;
  private readonly input = new SpooledInput();
  private readonly onInterrupt = (): void => {
    if (this.abort === undefined) {
      void this.endAtOnce(new AbortedError({ what: `nnm ${this.id}` }));
      return;
    }
    if (this.abort.signal.aborted) process.exit(SECOND_INTERRUPT_EXIT_CODE);
    this.abort.abort();
    this.note('Stopping; what has been measured is kept. Press Ctrl-C again to quit at once.');
  };

  /** Aborts at the first Ctrl-C or SIGTERM; the second one ends the program at once. */
  protected get signal(): AbortSignal {
    this.abort ??= new AbortController();
    return this.abort.signal;
  }

  /** Colours for stdout. */
  protected get paint(): Ansis {
    return paintFor(process.stdout);
  }

  /** True with `--verbose` or when the environment variable DEBUG is set. */
  protected get isVerbose(): boolean {
    return this.argv.includes('--verbose') || Boolean(process.env.DEBUG);
  }

  /** True with `--quiet`. */
  protected get isQuiet(): boolean {
    return this.argv.includes('--quiet') || this.argv.includes('-q');
  }

  /** Run a stage and show its progress on stderr: nothing with `--quiet` and `--json`. */
  protected async follow<T>(stage: Stage<T>, options: Omit<FollowOptions, 'quiet'> = {}): Promise<T> {
    const { followStage } = await import('./output/progress.ts');
    return followStage(stage, { ...options, quiet: this.jsonEnabled() || this.isQuiet });
  }

  /** The result as people read it: on stdout, left out with `--json`. */
  override log(message = '', ...values: unknown[]): void {
    super.log(legible(message), ...values);
  }

  override logToStderr(message = '', ...values: unknown[]): void {
    super.logToStderr(legible(message), ...values);
  }

  /** A file that is read as a whole: for `-` one that holds standard input until the command ends. */
  protected fileOf(file: string): Promise<string> {
    return this.input.fileOf(file);
  }

  /** A result that programs read, byte by byte: on stdout, left out with `--json`. */
  protected data(text: string): void {
    super.log(text.trimEnd());
  }

  /** A remark beside the result: on stderr, left out with `--json` and `--quiet`. */
  protected note(text: string): void {
    if (!this.isQuiet) this.logToStderr(paintFor(process.stderr).dim(text));
  }

  /** A remark a user should not miss: on stderr, left out with `--json`. */
  protected caution(text: string): void {
    this.logToStderr(`${paintFor(process.stderr).yellow.bold('Warning:')} ${text}`);
  }

  /** A warning about something that failed and that this command may not need, with what to do about it. */
  private cautionOf(error: unknown, message: string): void {
    this.caution(message);
    const { hint } = reportError(error);
    if (hint !== undefined) this.logToStderr(`${paintFor(process.stderr).cyan('Hint:')} ${hint}`);
    if (this.isVerbose) this.logToStderr(inspect(error, { depth: 4 }));
  }

  /** What applies to a folder, usable or not; asks before code of an unknown folder runs. */
  protected async find(cwd?: string): Promise<FoundPlugins> {
    const { findPlugins } = await import('./plugins/discover.ts');
    return findPlugins(await this.discoveryOptions(cwd));
  }

  /** The plugins that apply here and the registry over them; says what cannot be used, and what takes the place of a built-in plugin. */
  protected discover(): Promise<Discovery> {
    this.discovery ??= this.discoverNow();
    return this.discovery;
  }

  private async discoverNow(): Promise<Discovery> {
    const { discoverUsable } = await import('./plugins/discover.ts');
    const discovery = await discoverUsable(await this.discoveryOptions());
    for (const note of discovery.notes) this.note(note);
    for (const { message, error } of unusable(discovery)) this.cautionOf(error, message);
    return discovery;
  }

  private async discoveryOptions(cwd?: string): Promise<DiscoveryOptions> {
    const link = supervisorLink();
    return {
      ...(cwd !== undefined && { cwd }),
      trust: await this.trustGate(),
      onRun: async (step) => {
        this.importing = step;
        if (step.what === 'config') this.configs.push(step.name);
        await link?.announceStep(step);
        return () => {
          this.importing = undefined;
          link?.endStep(step);
        };
      },
      onFound: (found) => this.suspects.push(found),
    };
  }

  /** Decides whose code may run; asks where there is somebody to ask. */
  protected async trustGate(): Promise<TrustGate> {
    const [{ createTrustGate }, { askUser, canAsk }] = await Promise.all([import('./trust/trust-gate.ts'), import('./trust/ask-user.ts')]);
    this.gate ??= createTrustGate({ flag: this.trustFlag, ...(canAsk() && !this.jsonEnabled() && { ask: askUser }) });
    return this.gate;
  }

  /** The word of this run on whether code of folders may run: `--trust`, `--no-trust` or neither. */
  protected get trustFlag(): boolean | undefined {
    if (this.argv.includes('--no-trust')) return false;
    return this.argv.includes('--trust') ? true : undefined;
  }

  /** Errors that no one waits for, such as in a timer of a plugin, are told like all others. */
  private readonly onStrayError = (error: unknown): void => void this.endAtOnce(this.attribute(error));

  /** Tell an error and end the program, whatever else it is doing. */
  private async endAtOnce(error: unknown): Promise<void> {
    if (this.isEnding) return; // what fails while the program ends changes nothing
    this.isEnding = true;
    const { exitCode } = reportError(error);
    process.exitCode = exitCode;
    if (this.jsonEnabled()) this.logJson(this.toErrorJson(error));
    else process.stderr.write(`${renderError(error, this.isVerbose, paintFor(process.stderr))}\n`);
    await supervisorLink()?.finish(exitCode);
    process.exit(exitCode);
  }

  protected override async init(): Promise<void> {
    await super.init();
    process.on('uncaughtException', this.onStrayError);
    const link = supervisorLink();
    if (link === undefined) {
      process.on('SIGINT', this.onInterrupt);
      process.on('SIGTERM', this.onInterrupt);
    } else link.onInterrupt = this.onInterrupt;
    link?.announceCommand(this.id ?? '');
  }

  /** The error of a plugin or an nnm config where its code is to blame for an unexpected one. */
  private attribute(error: unknown): unknown {
    return blameForeignCode(error, { plugins: this.suspects, configs: this.configs, importing: this.importing });
  }

  protected override async catch(thrown: Error): Promise<void> {
    if (isReadable(thrown) && thrown instanceof Errors.ExitError) throw thrown;
    // After Ctrl-C whatever fails next fails because of it.
    const error =
      this.abort?.signal.aborted && !isNnmError(thrown)
        ? new AbortedError({ what: `nnm ${this.id}` }, { cause: thrown })
        : this.attribute(thrown);
    const { exitCode } = reportError(error);
    process.exitCode = exitCode;
    if (this.jsonEnabled()) {
      this.logJson(this.toErrorJson(error));
      return;
    }
    process.stderr.write(`${renderError(error, this.isVerbose, paintFor(process.stderr))}\n`);
    throw new Errors.ExitError(exitCode);
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    await new Promise(setImmediate); // output that could not be written says so only now
    process.off('SIGINT', this.onInterrupt);
    process.off('SIGTERM', this.onInterrupt);
    process.off('uncaughtException', this.onStrayError);
    await this.input[Symbol.asyncDispose]();
    await super.finally(error);
  }

  protected override toErrorJson(error: unknown): { error: Record<string, unknown> } {
    const { exitCode, ...report } = reportError(error);
    const stack = this.isVerbose && isReadable(error) && error instanceof Error ? { stack: error.stack } : {};
    return { error: { ...report, ...stack } };
  }

  override logJson(json: unknown): void {
    const text = `${this.stringify(json)}\n`;
    const link = supervisorLink();
    if (link === undefined) process.stdout.write(text);
    else link.sendDocument(text, Number(process.exitCode ?? 0));
  }

  /** The result as JSON, or the error that it cannot be put into JSON. */
  private stringify(json: unknown): string {
    try {
      return JSON.stringify(json, null, 2);
    } catch (cause) {
      process.exitCode = 1;
      return JSON.stringify(this.toErrorJson(this.attribute(new ResultFormatError({ command: this.id ?? '' }, { cause }))), null, 2);
    }
  }
}
