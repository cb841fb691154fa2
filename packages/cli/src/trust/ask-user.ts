import { createInterface } from 'node:readline/promises';

/**
 * Ask on the terminal whether code of a folder may run.
 *
 * @returns undefined when the terminal is closed without an answer
 */
export async function askUser(folder: string, code: string): Promise<boolean | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<undefined>((resolve) => terminal.once('close', () => resolve(undefined)));
  // Ctrl-C at the question is meant for the program
  terminal.once('SIGINT', () => process.kill(process.ppid, 'SIGINT'));
  try {
    process.stderr.write(`${code} in ${folder} is a program that nnm would run.\n`);
    const answer = await Promise.race([terminal.question('May nnm run code of this folder, now and later? [y/N] '), closed]);
    return answer === undefined ? undefined : /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

/** True when there is a person to ask: a terminal at both ends, and no CI. */
export function canAsk(): boolean {
  return Boolean(process.stdin.isTTY && process.stderr.isTTY) && !process.env.CI;
}
