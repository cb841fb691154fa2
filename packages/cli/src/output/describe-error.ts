import { inspect } from 'node:util';
import { NnmError, suggestNearest } from '@nnm/core';
import type { Ansis } from 'ansis';
import { legible } from './legible.ts';
import { isReadable, showThrown, showValue } from './show-value.ts';

/** What a failed command tells its caller, on stderr or as `{ error }` with `--json`. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly exitCode: number;
}

interface OclifError extends Error {
  readonly oclif?: { readonly exit?: number };
  readonly parse?: unknown;
}

const USAGE_EXIT_CODE = 2;
const USAGE_HINT = 'Run it with --help to see what it takes.';
/** What shells report for a program stopped by Ctrl-C. */
const INTERRUPTED_EXIT_CODE = 130;

/** Sort an error into the kinds a user can tell apart: nnm's own, wrong usage, and everything else, which is a defect. */
export function reportError(error: unknown): ErrorReport {
  return isReadable(error) ? sortError(error) : unexpected(showThrown(error));
}

function sortError(error: unknown): ErrorReport {
  if (NnmError.isInstance(error)) {
    const exitCode = error.code === 'ERR_USAGE' ? USAGE_EXIT_CODE : error.code === 'ERR_ABORTED' ? INTERRUPTED_EXIT_CODE : 1;
    const { code, message, hint } = error; // of another copy of core, perhaps: only its mark is known
    return { code, message, ...(hint !== undefined && { hint }), details: asJson(error.details), exitCode };
  }
  if (!(error instanceof Error)) return unexpected(showThrown(error));
  const { oclif, parse, message } = error as OclifError;
  if (parse !== undefined) {
    const [first, ...rest] = message.split('\nSee more help with');
    return {
      code: 'ERR_USAGE',
      message: inOneSentence(first!.trim()),
      ...(rest.length > 0 && { hint: nearestFlags(error) ?? USAGE_HINT }),
      details: {},
      exitCode: USAGE_EXIT_CODE,
    };
  }
  // Of some mistakes oclif does not say that they were found while parsing the command line
  if (oclif?.exit === USAGE_EXIT_CODE) {
    const text = message
      .split('\nSee more help with')[0]!
      .replace(/\s*\n\s*/, ': ')
      .trim();
    return {
      code: 'ERR_USAGE',
      message: `${text.replace(/^Parsing (?=--)/, '').replace(/\.$/, '')}.`,
      hint: USAGE_HINT,
      details: {},
      exitCode: USAGE_EXIT_CODE,
    };
  }
  if (oclif !== undefined) return { code: 'ERR_CLI', message, details: {}, exitCode: oclif.exit ?? 1 };
  return isSystemError(error) ? systemFailure(error) : unexpected(showThrown(error));
}

/** What flags that do not exist may have been meant for. */
function nearestFlags(error: OclifError): string | undefined {
  const { flags: wrong, parse } = error as OclifError & { readonly flags?: unknown };
  const { input } = (parse ?? {}) as { readonly input?: { readonly flags?: object } };
  if (!Array.isArray(wrong) || input?.flags === undefined) return undefined;
  const known = Object.keys(input.flags).map((name) => `--${name}`);
  const near = [...new Set(wrong.flatMap((flag) => suggestNearest(String(flag), known).slice(0, 1)))];
  return near.length === 0 ? undefined : `Did you mean ${near.join(', ')}?`;
}

const ANNOUNCED = /^The following errors? occurred:\s*/;

/** oclif announces errors before it tells them, and forgets the dashes of a flag. */
function inOneSentence(message: string): string {
  const told = ANNOUNCED.test(message) ? message.replace(ANNOUNCED, '').replace(/\n\s+/g, '; ') : message;
  return told.replace(/(?<=^|; )Missing required flag (?!-)/g, 'Missing required flag --');
}

/** Details as JSON can hold them; a plugin's error may carry anything. */
function asJson(details: unknown): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(JSON.stringify(details ?? {}));
  } catch {
    return { shown: showValue(details) };
  }
}

/** A call of the operating system failed that nnm did not expect to: no defect of nnm, most likely. */
function isSystemError(error: Error): error is NodeJS.ErrnoException {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code !== undefined && syscall !== undefined;
}

function systemFailure({ code, syscall, path, message }: NodeJS.ErrnoException): ErrorReport {
  return {
    code: 'ERR_SYSTEM',
    message:
      code === 'EPIPE' ? 'The output cannot be written: its reader has closed it.' : `The operating system refused something: ${message}.`,
    hint: `Check ${path === undefined ? 'the disk and the place that output goes to' : 'the path, its permissions and the disk'}, then run the same command again.`,
    details: { code, syscall, ...(path !== undefined && { path }) },
    exitCode: 1,
  };
}

function unexpected(message: string): ErrorReport {
  return {
    code: 'ERR_UNEXPECTED',
    message: `An unexpected error: ${message}`,
    hint: 'Please report it at https://github.com/nnm-dev/nnm/issues, with what --verbose shows.',
    details: {},
    exitCode: 1,
  };
}

/** An error as text for stderr; with `verbose` its stack and causes follow. */
export function renderError(error: unknown, verbose: boolean, paint: Ansis): string {
  const { code, message, hint } = reportError(error);
  const lines = [`${paint.red.bold('Error:')} ${message} ${paint.dim(`[${code}]`)}`];
  if (hint !== undefined) lines.push(`${paint.cyan('Hint:')} ${hint}`);
  if (verbose) lines.push('', isReadable(error) ? inspect(error, { colors: paint.level > 0, depth: 4 }) : showThrown(error));
  return legible(lines.join('\n'));
}
