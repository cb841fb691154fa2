import { AbortedError } from '@nnm/core';

/** Both ends of a terminal. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Ask on the terminal whether code of a folder may run.
 *
 * @returns undefined when the terminal is closed without an answer
 * @throws core's `AbortedError` at Ctrl-C
 */
export async function askUser(
  folder: string,
  code: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<boolean | undefined> {
  const { default: confirm } = await import('@inquirer/confirm');
  output.write(`${code} in ${folder} is a program that nnm would run.\n`);
  const closing = new AbortController();
  const close = (): void => closing.abort();
  // The library does not tell when its terminal is closed, as by Ctrl-D.
  const onKey = (_: string | undefined, key: { readonly name?: string; readonly ctrl?: boolean }): void => {
    if (key.ctrl && key.name === 'd') close();
  };
  input.once('end', close).on('keypress', onKey);
  try {
    return await confirm(
      { message: 'May nnm run code of this folder, now and later?', default: false, theme: { prefix: '?' } },
      { input, output, signal: closing.signal },
    );
  } catch (error) {
    if (closing.signal.aborted) return undefined;
    // The key is Ctrl-C: no signal comes while the terminal gives every key to the question
    throw error instanceof Error && error.name === 'ExitPromptError' ? new AbortedError({ what: 'The question' }, { cause: error }) : error;
  } finally {
    input.off('end', close).off('keypress', onKey);
  }
}

/** True when there is a person to ask: a terminal at both ends, and no CI. */
export function canAsk(): boolean {
  return Boolean(process.stdin.isTTY && process.stderr.isTTY) && !process.env.CI;
}
