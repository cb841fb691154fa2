import { existsSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { makeTempProject } from '../../test/temp-project.ts';
import { checkInChild } from './check-in-child.ts';

/** A backend package whose runtime does `fault` when it starts. */
const files = (fault: string) => ({
  'package.json': { name: 'nnm-x', type: 'module', exports: './index.js' },
  'index.js': `export default { name: 'nnm-x', apiVersion: 1, backends: [{
    id: 'x', description: 'x', implement: ['tensorflow'], modelExtension: '.x', settingsTemplate: '',
    runtime: new URL('./runtime.js', import.meta.url), parseSettings: () => ({}), convert: () => new Uint8Array(1),
  }] };`,
  'runtime.js': `import { writeFileSync } from 'node:fs'; export default () => { ${fault} };`,
});

/** Never returns, after it has made the file `hangs`. */
const HANG = "writeFileSync(new URL('./hangs', import.meta.url), ''); for (;;);";

/** Resolves when there is a file. */
function appears(file: string): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!existsSync(file)) return;
      clearInterval(timer);
      resolve();
    }, 20);
  });
}

afterEach(() => void vi.useRealTimers());

it.each([
  [
    'crashes',
    'process.abort();',
    'ERR_KERNEL_CRASHED',
    process.platform === 'win32' ? /ended|crashed/ : /crashed with an abort \(SIGABRT\)/,
  ],
  ['ends the process', 'process.exit(7);', 'ERR_KERNEL_CRASHED', /ended by itself with exit code 7/],
  ['never returns', HANG, 'ERR_KERNEL_TIMEOUT', /did not finish within 600 s and was stopped/],
])('a runtime that %s fails its requirement, and nnm goes on', async (_, fault, code, message) => {
  await using project = await makeTempProject(files(fault));
  const fromFile = project.path('package.json');
  const source = { kind: 'import', specifier: project.folder, fromFile, origin: { kind: 'config', file: fromFile } } as const;
  // The time limit is this process's timer, which advances only when the test says so.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const checking = checkInChild(source, { timeoutMs: 600_000 });
  if (fault === HANG) {
    await appears(project.path('hangs'));
    vi.advanceTimersByTime(600_000);
  }
  const [report, ...others] = await checking;
  expect(others).toEqual([]);
  expect(report).toMatchObject({
    kind: 'backend',
    id: 'x',
    notes: [expect.stringMatching(/^not tried after that: \d+ further requirements$/)],
  });
  expect(report?.failures.at(-1)).toEqual({
    name: 'computes conv2d of one pixel (tensorflow)',
    code,
    message: expect.stringMatching(message),
  });
});
