import { expect, test } from 'vitest';
import { runCommand } from '../test/run-command.ts';
import { makeTempProject } from '../test/temp-project.ts';
import Connect from './commands/connect.ts';
import Doctor from './commands/doctor.ts';

/** Backends whose runtimes are in order until `run` is called, or until the time is read. */
const BACKENDS = `
import { URL } from 'node:url';
const make = (id, runtime) => ({
  id, runtime, description: id, implement: ['tensorflow'], modelExtension: '.x', settingsTemplate: '',
  parseSettings: () => ({ id }), convert: () => new Uint8Array(1),
});
const modes = ['fine', 'hangs', 'dies', 'throws', 'still', 'backwards', 'seconds', 'words', 'slow_to_start'];
const here = async ({ id }) => (await import('./runtime.mjs')).default({ id: id.slice('here_'.length) });
export default {
  name: 'bad', apiVersion: 1,
  backends: [...modes.map((id) => make(id, new URL('./runtime.mjs', import.meta.url))), make('here_waits', here), make('here_still', here)],
};
`;

const RUNTIME = `
const spin = (ms) => { for (const end = performance.now() + ms; performance.now() < end; ); };
const stay = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
const clocks = { still: () => 0, backwards: () => -performance.now(), seconds: () => performance.now() / 1000, words: () => 'noon' };
const runs = {
  hangs: () => stay(),
  dies: () => process.kill(process.pid, 'SIGKILL'),
  throws: () => { throw new Error('Tensor 3 has no memory.'); },
  waits: () => new Promise(() => {}),
};
export default ({ id }) => {
  if (id === 'slow_to_start') stay();
  const now = clocks[id];
  return {
    info: { runtime: id, version: '1', threads: 1, options: {} },
    ...(now && { now }),
    load: () => ({
      run: runs[id] ?? (() => spin(0.05)),
      execute: () => [{ shape: [1, 1], data: Float32Array.of(1) }],
      close() {},
    }),
    close() {},
  };
};
`;

const files = { 'nnm.config.json': { plugins: ['./bad.mjs'], builtins: false }, 'bad.mjs': BACKENDS, 'runtime.mjs': RUNTIME };

test.each([
  ['hangs', /did not finish within 2 s and was stopped/],
  ['slow_to_start', /did not finish within 2 s and was stopped/],
  ['dies', /was killed|SIGKILL|ended/],
  ['throws', /Tensor 3 has no memory/],
  ['still', /stands still/],
  ['backwards', /went back by/],
  ['seconds', /it must count milliseconds/],
  ['words', /read noon, which is not a time/],
  ['here_waits', /did not run its first models within 2 s\. \[ERR_RUNTIME_START_TIMEOUT\]/],
  ['here_still', /stands still/],
])('a runtime that %s is found when it is connected to', async (id, message) => {
  await using project = await makeTempProject(files);
  // On a busy machine only what never ends may run into its limit.
  const timeout = /hangs|waits|slow/.test(id) ? '2' : '60';
  const { stdout, stderr, exitCode } = await runCommand(Connect, ['--backend', id, '--timeout', timeout], project.folder);
  expect(stderr).toMatch(message);
  expect(stdout).toBe('');
  expect(exitCode).toBe(1);
});

test('one that works says how fine its clock is', async () => {
  await using project = await makeTempProject(files);
  const { stdout } = await runCommand(Connect, ['--backend', 'fine'], project.folder);
  expect(stdout).toMatch(/^clock +(no steps found|steps of [\d.e-]+ microseconds)$/m);
  expect(stdout).toContain('Connected:');
  const { json } = await runCommand(Connect, ['--backend', 'fine', '--json'], project.folder);
  expect(json()).toMatchObject({ inference: 'ok', clock: { resolutionMs: expect.any(Number), ticksWhenIdle: true } });
});

test('`doctor` finds it too', async () => {
  await using project = await makeTempProject(files);
  const { stdout, exitCode } = await runCommand(Doctor, ['--backend', 'backwards', '--seconds', '1'], project.folder);
  expect(stdout).toMatch(/failed +backwards: .*went back by/);
  expect(exitCode).toBe(1);
});
