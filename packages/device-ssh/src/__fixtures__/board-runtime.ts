import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { LoadedModel, RuntimeFactory, Tensor } from '@nnm/core';

/** A runtime whose models are commands, to find out how a board does with them. */
const start: RuntimeFactory<{ readonly fail?: boolean }> = ({ fail }) => {
  if (fail) throw new Error('The board has no accelerator.');
  return {
    info: { runtime: 'Board', version: '7.0', threads: 1, options: { pid: String(process.pid) } },
    load: (bytes) => modelOf(new TextDecoder().decode(bytes)),
    close: () => undefined,
  };
};

export default start;

function modelOf(text: string): LoadedModel {
  const [name, argument] = text.split(' ');
  return {
    run: () => perform(name!, Number(argument)),
    execute: (inputs: readonly Tensor[]) => inputs.map(({ shape, data }) => ({ shape, data: data.map((value) => value + 1) })),
    close: () => undefined,
  };
}

function perform(name: string, argument: number): void {
  const start = performance.now();
  switch (name) {
    case 'spin':
      while (performance.now() - start < argument);
      return;
    case 'wait':
      sleep(argument);
      return;
    // As a call of a library that never comes back: nothing else of this thread runs.
    case 'hang':
      writeFileSync(join(homedir(), 'hanging'), String(process.pid));
      sleep(Number.POSITIVE_INFINITY);
      return;
    case 'crash':
      process.kill(process.pid, 'SIGSEGV');
      sleep(Number.POSITIVE_INFINITY);
      return;
    default:
      throw new Error('The operator is not known.');
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
