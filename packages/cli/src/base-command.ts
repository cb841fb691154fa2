import { AbortedError, NnmError } from '@nnm/core';
import { Command, Errors, Flags } from '@oclif/core';
import type { Ansis } from 'ansis';
import { renderError, reportError } from './output/describe-error.ts';
import { paintFor } from './output/paint.ts';
import type { Discovery } from './plugins/discover.ts';

const SECOND_INTERRUPT_EXIT_CODE = 130;

/** Base of every nnm command: `--json` and `--verbose`, one way to fail, colours, Ctrl-C, and the plugins that apply here. */
export abstract class NnmCommand extends Command {
  static override enableJsonFlag = true;

  static override baseFlags = {
    verbose: Flags.boolean({ description: 'Show more: notes, causes, and the stack of an error.', helpGroup: 'GLOBAL' }),
  };

  private abort: AbortController | undefined;
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

  /** A remark beside the result: on stderr, left out with `--json`. */
  protected note(text: string): void {
    this.logToStderr(paintFor(process.stderr).dim(text));
  }

  /** A remark a user should not miss: on stderr, left out with `--json`. */
  protected caution(text: string): void {
    this.logToStderr(`${paintFor(process.stderr).yellow.bold('Warning:')} ${text}`);
  }

  /**
   * The plugins that apply here and the registry over them; says so when one takes the place of a built-in one.
   *
   * @param alsoFrom - where to look for an nnm config when the current folder and those above have none
   */
  protected async discover(alsoFrom?: string): Promise<Discovery> {
    const { discoverPlugins } = await import('./plugins/discover.ts');
    const discovery = await discoverPlugins({ ...(alsoFrom !== undefined && { alsoFrom }) });
    for (const note of discovery.notes) this.note(note);
    return discovery;
  }

  /** Errors that no one waits for, such as in a timer of a plugin, are told like all others. */
  private readonly onStrayError = (error: unknown): void => void this.endAtOnce(this.attribute(error));

  /** Tell an error and end the program, whatever else it is doing. */
  private async endAtOnce(error: unknown): Promise<void> {
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

  /** The plugin's own error where code of a plugin is to blame for an unexpected one. */
  private attribute(error: unknown): unknown {
    return blamePlugin(error, this.discovery?.plugins ?? []);
  }

  protected override async catch(thrown: Error): Promise<void> {
    if (thrown instanceof Errors.ExitError) throw thrown;
    // After Ctrl-C whatever fails next fails because of it.
    const error =
      this.abort?.signal.aborted && !NnmError.isInstance(thrown)
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
    await super.finally(error);
  }

  protected override toErrorJson(error: unknown): { error: Record<string, unknown> } {
    const { exitCode, ...report } = reportError(error);
    const stack = this.isVerbose && error instanceof Error ? { stack: error.stack } : {};
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
