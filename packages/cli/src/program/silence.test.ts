import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { start } from '../../test/start-program.ts';
import { makeTempProject } from '../../test/temp-project.ts';
import { SilenceDetector } from './silence.ts';

const watch = { afterMs: 1000, silenceMs: 5000, error: { code: 'ERR_NO_ANSWER', message: 'It was silent.', hint: 'Look.' } } as const;

describe('SilenceDetector', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('finds that nothing answers, not before its time, and keeps what is to be told', () => {
    const onSilence = vi.fn();
    const detector = new SilenceDetector(() => undefined, onSilence);
    detector.add(0, watch);
    vi.advanceTimersByTime(6000);
    expect([onSilence.mock.calls.length, detector.error]).toEqual([0, undefined]);
    vi.advanceTimersByTime(60_000);
    expect([onSilence.mock.calls.length, detector.error]).toEqual([1, watch.error]);
  });

  test('lets alone what answers, and what has kept its promise', () => {
    const onSilence = vi.fn();
    const answering: SilenceDetector = new SilenceDetector(() => answering.heard(), onSilence);
    answering.add(0, watch);
    const done = new SilenceDetector(() => undefined, onSilence);
    done.add(0, watch);
    done.remove(0);
    vi.advanceTimersByTime(600_000);
    expect(onSilence).not.toHaveBeenCalled();
    answering.end();
  });
});

/**
 * The simulated plugin, whose runtime never gives control back once its journal holds a measurement, or already when it starts. It sleeps:
 * a loop would keep a CPU from the other tests.
 */
const spinning = (when: 'start' | 'run'): string => `
  import plugin from '${fileURLToPath(new URL('../../test/simulated-plugin.mjs', import.meta.url))}';
  const [backend] = plugin.backends;
  const { runtime } = backend;
  const stay = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  backend.runtime = (settings) => {
    if (${when === 'start'} && process.argv.includes('connect')) stay();
    const started = runtime(settings);
    let loaded = 0;
    return { ...started, load: (bytes) => {
      if (++loaded > 4) stay();
      return started.load(bytes);
    } };
  };
  export default plugin;
`;

describe.concurrent('code in the process of nnm that does not give control back', () => {
  const project = (when: 'start' | 'run') =>
    makeTempProject({ 'nnm.config.json': { builtins: false, plugins: ['./spin.mjs'] }, 'spin.mjs': spinning(when) });
  const create = ['create', 'ws', '--backend', 'simulated', '--samples', '40'];

  test('is ended by `connect` after its time limit', async ({ expect }) => {
    await using made = await project('start');
    await start(create, made.folder).ended;
    const { stdout, exitCode } = await start(['connect', '-w', 'ws', '--timeout', '1', '--json'], made.folder).ended;
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'ERR_RUNTIME_START_TIMEOUT', message: expect.stringMatching(/simulated did not run .* within 1 s.*spin\.mjs/) },
    });
    expect(exitCode).toBe(1);
  });

  test('is ended some seconds after the budget of `build`; what was measured is kept', async ({ expect }) => {
    await using made = await project('run');
    await start(create, made.folder).ended;
    const { stdout, exitCode } = await start(['build', '-w', 'ws', '--budget', '5s', '--json'], made.folder).ended;
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'ERR_NO_ANSWER', message: expect.stringMatching(/time budget of 5 s.*spin\.mjs/) },
    });
    expect(exitCode).toBe(1);
    const lines = (await readFile(made.path('ws', 'predictor_build', 'results', 'toy.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.filter((line) => line.includes('"visit"'))).toHaveLength(3);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ type: 'begun' });
  });
});
