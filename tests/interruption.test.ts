import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackages } from '../scripts/pack-all.mjs';

// The program as a user runs it, on the real runtime, killed in the middle of its work. Processes are found through /proc.
const isLinux = process.platform === 'linux';
const nnm = fileURLToPath(new URL('../packages/cli/bin/nnm.js', import.meta.url));

let folder: string;
let workspace: string;
let journal: string;

function start(
  ...args: readonly string[]
): ChildProcess & { readonly finished: Promise<{ readonly code: number | null; readonly output: string }> } {
  const child = spawn(process.execPath, [nnm, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const finished = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, output })),
  );
  return Object.assign(child, { finished });
}

const journalLines = (): readonly string[] => (existsSync(journal) ? readFileSync(journal, 'utf8').trim().split('\n') : []);

/** Resolves when the journal has so many lines; a build that ends before fails the test with what it said. */
async function waitForLines(count: number, build: ReturnType<typeof start>): Promise<void> {
  while (journalLines().length < count) {
    if (build.exitCode !== null) throw new Error(`the build ended before it had measured enough:\n${(await build.finished).output}`);
    await sleep(50);
  }
}

/** The profiling worker of a running nnm: a descendant whose command line names the worker's module. */
function workerOf(pid: number): number {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/stat`))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return [
          {
            pid: Number(name),
            parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]),
            command: readFileSync(`/proc/${name}/cmdline`, 'utf8'),
          },
        ];
      } catch {
        return []; // it ended while we looked
      }
    });
  const worker = parents.find(({ parent, command }) => parent === pid && /profiler[\\/].*worker/.test(command));
  if (worker === undefined) throw new Error(`process ${pid} has no profiling worker`);
  return worker.pid;
}

beforeAll(async () => {
  await buildPackages();
  folder = await mkdtemp(path.join(tmpdir(), 'nnm interruption '));
  workspace = path.join(folder, 'w');
  journal = path.join(workspace, 'predictor_build', 'results', 'relu.jsonl');
  const { code, output } = await start('create', workspace, '--backend', 'tflite_cpu', '--kernels', 'relu', '--samples', '40').finished;
  expect(code, output).toBe(0);
  const config = path.join(workspace, 'configs', 'predictorbuild_config.yaml');
  const text = await readFile(config, 'utf8');
  await writeFile(
    config,
    text.replace(/ITERATION: \d+/, 'ITERATION: 1').replace(/FINEGRAINED_SAMPLE_NUM: \d+/, 'FINEGRAINED_SAMPLE_NUM: 1'),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!isLinux)('a build that is killed (needs /proc to find the worker; this is not Linux)', () => {
  it('loses nothing measured when the program is killed', async () => {
    const build = start('build', '-w', workspace);
    await waitForLines(10, build);
    build.kill('SIGSTOP'); // or it would be done before another one has started
    const second = await start('build', '-w', workspace).finished;
    expect(second.code).toBe(1);
    expect(second.output).toContain(`Process ${build.pid} on`);
    build.kill('SIGKILL');
    await build.finished;
    expect(journalLines().length).toBeGreaterThanOrEqual(10);
  });

  it('carries on where it was, and survives the death of its worker', async () => {
    const before = journalLines();
    const build = start('build', '-w', workspace);
    await waitForLines(before.length + 10, build);
    process.kill(workerOf(build.pid as number), 'SIGKILL');
    const { code, output } = await build.finished;
    expect(code, output).toBe(0);
    expect(output).toContain('relu: predictor of');
    const after = journalLines();
    expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1)); // the last one may have been torn
    expect(existsSync(path.join(workspace, 'predictor_build', 'results', 'predictors', 'relu.json'))).toBe(true);
  });
});
