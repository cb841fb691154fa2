import { handle, type Interfaces, run, settings } from '@oclif/core';
import { renderError } from '../output/describe-error.ts';
import { paintFor } from '../output/paint.ts';
import { CLOSED_READER_EXIT_CODE, isClosedReader, surviveClosedStderr } from './closed-reader.ts';
import { isSupervised } from './messages.ts';
import { tellErrorsAlike } from './oclif-errors.ts';
import { translateOriginal } from './original-names.ts';
import { useOwnFolders } from './own-folders.ts';
import { connectToSupervisor } from './supervisor-link.ts';

/**
 * Run the command that the command line names, say how it ended, and end the process, whatever plugins have left running.
 *
 * @param load - where oclif finds the program: a file URL, or a loaded configuration
 */
export async function runProgram(load: Interfaces.LoadOptions): Promise<void> {
  const supervisor = isSupervised() ? connectToSupervisor() : undefined;
  useOwnFolders(process.env);
  // npm packages installed on the user's behalf must not download what the CPU runtime does not need.
  process.env.ONNXRUNTIME_NODE_INSTALL ??= 'skip';
  // Neither end is a terminal: no colours from oclif either, which takes CI=true for a terminal.
  if (!process.stdout.isTTY && !process.stderr.isTTY && !process.env.FORCE_COLOR) process.env.NO_COLOR ??= '1';
  settings.enableAutoTranspile = false;
  tellErrorsAlike();
  surviveClosedStderr();
  let outputError: Error | undefined;
  process.stdout.removeAllListeners('error'); // oclif's throws what nobody could catch
  process.stdout.on('error', (error) => {
    if (outputError === undefined && !isClosedReader(error))
      process.stderr.write(`${renderError(error, false, paintFor(process.stderr))}\n`);
    outputError ??= error;
  });
  try {
    await run([...translateOriginal(process.argv.slice(2))], load);
  } catch (error) {
    const exitCode = (error as { oclif?: { exit?: number } }).oclif?.exit ?? 1;
    await supervisor?.finish(exitCode);
    await handle(error as Error);
  }
  process.on('uncaughtException', () => undefined); // the command is done: what plugins have left running changes nothing
  await outputArrives(process.stdout);
  await new Promise((resolve) => setImmediate(resolve)); // output that could not be written says so only now
  const exitCode =
    Number(process.exitCode ?? 0) || (outputError === undefined ? 0 : isClosedReader(outputError) ? CLOSED_READER_EXIT_CODE : 1);
  await supervisor?.finish(exitCode);
  process.exit(exitCode);
}

/** Resolves when what has been written is on its way, or cannot be. */
async function outputArrives(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return;
  await new Promise((resolve) => {
    stream.once('close', resolve);
    stream.write('', resolve);
  });
}
