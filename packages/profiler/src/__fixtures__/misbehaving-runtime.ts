import { appendFileSync, existsSync, statSync, writeFileSync } from 'node:fs';
import type { RuntimeFactory } from '@nnm/core';

/** More than a process gives back by the way. */
const HOARDED_BYTES = 2 ** 24;

/** Settings of the fixture. */
export interface MisbehavingSettings {
  /** The runtime refuses to start. */
  readonly fail?: boolean;
  /** The process kills itself as soon as it has nothing to do. */
  readonly dieIdle?: boolean;
  /** A file that every start adds a byte to... */
  readonly starts?: string;
  /** ...and which of the starts, counted from 1, kill the process or never end. */
  readonly deadStarts?: readonly number[];
  readonly endlessStarts?: readonly number[];
}

/**
 * A runtime whose models are commands: `spin 0.2` computes for 0.2 ms; `abort`, `segfault`, `hang`, `kill`, `throw`,
 * `exit` and `eat` end in what they say as soon as they run; `hang <file>` adds a byte to the file before; `later 1` is done 1 ms after it was started; `die-once <file>` kills the process unless the file exists; `refuse` does not load. `hoard 0.2` spins and never gives back what it took when it was loaded. `wobble 1` alternates between 1 and 2 ms
 * from load to load.
 */
const startMisbehavingRuntime: RuntimeFactory<MisbehavingSettings> = (settings) => {
  if (settings.fail) throw new Error('The library libmissing.so cannot be found.');
  if (settings.starts !== undefined) {
    appendFileSync(settings.starts, '.');
    const start = statSync(settings.starts).size;
    if (settings.deadStarts?.includes(start)) process.kill(process.pid, 'SIGKILL');
    if (settings.endlessStarts?.includes(start)) spin(Number.POSITIVE_INFINITY);
  }
  if (settings.dieIdle) setTimeout(() => process.kill(process.pid, 'SIGKILL'));
  let open = 0;
  const hoarded: Buffer[] = [];
  return {
    info: { runtime: 'Misbehaving', version: '1.0.0', threads: 1, layout: 'nchwc8', options: { mode: 'test' } },
    load(model) {
      const [command, argument] = new TextDecoder().decode(model).split(/ (.*)/) as [string, string?];
      if (command === 'refuse') throw new Error('This model has no known operator.');
      if (command === 'hoard') hoarded.push(Buffer.alloc(HOARDED_BYTES, 1));
      if (++open > 2) throw new Error('A model was loaded beside the reference and another one.');
      return {
        run: commands(command, Number(argument ?? 0), argument),
        execute: (inputs) => inputs,
        close: () => {
          open--;
        },
      };
    },
    close: () => undefined,
  };
};

export default startMisbehavingRuntime;

function commands(command: string, ms: number, file = ''): () => void | Promise<void> {
  const all: Record<string, () => void | Promise<void>> = {
    spin: () => spin(ms),
    hoard: () => spin(ms),
    later: () => new Promise((resolve) => setTimeout(resolve, ms)),
    abort: () => process.abort(),
    segfault: () => void process.kill(process.pid, 'SIGSEGV'),
    kill: () => void process.kill(process.pid, 'SIGKILL'),
    'die-once': () => {
      spin(0.05);
      if (existsSync(file)) return;
      writeFileSync(file, '');
      process.kill(process.pid, 'SIGKILL');
    },
    exit: () => process.exit(3),
    hang: () => {
      if (file !== '') appendFileSync(file, '.');
      spin(Number.POSITIVE_INFINITY);
    },
    throw: () => {
      throw new Error('Tensor 3 is not allocated.');
    },
    eat: () => {
      const eaten: number[][] = [];
      for (;;) eaten.push(new Array<number>(1_000_000).fill(1.5));
    },
  };
  return all[command]!;
}

function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
