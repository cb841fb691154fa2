import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toFeatureMatrix } from '../predictor/feature-matrix.ts';
import { Rng } from '../random/index.ts';
import type { ForestWorkers } from '../regression/forest-task.ts';
import { randomForest } from '../regression/random-forest.ts';
import type { FittedRegressor, TrainingData } from '../regression/types.ts';
import { createForestWorkers } from './forest-workers.ts';
import { growInThreads } from './grow-in-threads.ts';

/** Every thread started in a test, and those that have ended. */
let started: Worker[];
let ended: Set<Worker>;
/** Resolves once two threads run. */
let twoAreOnline: Promise<void>;
let watch: (worker: Worker) => void;
beforeEach(() => {
  started = [];
  ended = new Set();
  let online = 0;
  twoAreOnline = new Promise((resolve) => {
    watch = (worker) => {
      started.push(worker);
      worker.on('online', () => ++online === 2 && resolve());
      worker.on('exit', () => ended.add(worker));
    };
  });
  process.on('worker', watch);
});
afterEach(() => void process.off('worker', watch));

function makeData(rows: number): TrainingData {
  const rng = new Rng(7);
  const vectors = Array.from({ length: rows }, () => [rng.integer(0, 9), rng.float(), rng.float()]);
  const targets = Float64Array.from(vectors, ([a, b, c]) => a! * b! + c!);
  return { featureNames: ['a', 'b', 'c'], features: toFeatureMatrix(vectors, 3), targets };
}

const data = makeData(120);

function fit(options: Record<string, unknown>, forestWorkers?: ForestWorkers, signal?: AbortSignal): Promise<FittedRegressor> {
  const context = { rng: new Rng(5), ...(signal && { signal }), ...(forestWorkers && { forestWorkers }) };
  return Promise.resolve(randomForest.fit(data, randomForest.parseOptions(options), context));
}

const inThreads = (threads: number): ForestWorkers => ({ grow: (task, signal) => growInThreads(task, threads, signal) });

/** Everything about a forest, to the last bit. */
function bytesOf({ serialise, outOfBag }: FittedRegressor): unknown {
  const { json, binary } = serialise();
  return { json, binary: Buffer.from(binary).toString('hex'), outOfBag: outOfBag && Buffer.from(outOfBag.buffer).toString('hex') };
}

describe('growing a forest in threads', () => {
  it.each([
    ['with bootstrap', { nEstimators: 11, maxFeatures: 2 }],
    ['with a small bootstrap', { nEstimators: 11, maxSamples: 0.3 }],
    ['without bootstrap', { nEstimators: 11, maxFeatures: 1, bootstrap: false }],
  ])('gives the same bytes for every number of threads, %s', async (_, options) => {
    const here = bytesOf(await fit(options));
    for (const threads of [1, 2, 3]) {
      started = [];
      expect(bytesOf(await fit(options, inThreads(threads)))).toEqual(here);
      expect(started).toHaveLength(threads);
      expect(ended.size).toBeGreaterThanOrEqual(threads);
    }
  });

  it('adds up out-of-bag predictions in the order of the trees, whoever is done first', async () => {
    const options = { nEstimators: 40 };
    const backwards: ForestWorkers = { grow: async (task, signal) => [...(await growInThreads(task, 1, signal))].reverse() };
    expect(bytesOf(await fit(options, backwards))).toEqual(bytesOf(await fit(options)));
  });

  it('stops at once when asked to, and leaves no thread behind', async () => {
    const controller = new AbortController();
    // Trees for hours: only stopping ends the test.
    const fitting = fit({ nEstimators: 50_000_000 }, inThreads(2), controller.signal);
    const stopped = expect(fitting).rejects.toMatchObject({ code: 'ERR_ABORTED', cause: { message: 'Ctrl-C' } });
    await twoAreOnline;
    controller.abort(new Error('Ctrl-C'));
    await stopped;
    expect(started).toHaveLength(2);
    expect(ended.size).toBe(2);
  });

  it('starts no thread when it is stopped already', async () => {
    await expect(fit({ nEstimators: 5 }, inThreads(2), AbortSignal.abort())).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    expect(started).toEqual([]);
  });
});

describe('a thread that', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nnm threads '));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    [
      'cannot do it reports why',
      `parentPort.postMessage({ failed: { code: 'ERR_TEST', message: 'No room.', hint: 'Make room.' } }); setInterval(() => {}, 9)`,
      { code: 'ERR_TEST', message: 'No room.', hint: 'Make room.' },
    ],
    [
      'throws is named',
      `throw new RangeError('Array buffer allocation failed')`,
      {
        code: 'ERR_FOREST_THREAD',
        message: 'A thread that grows trees of the random forest failed: Array buffer allocation failed.',
        cause: { name: 'RangeError' },
      },
    ],
    [
      'ends too early is noticed',
      `process.exit(0)`,
      { code: 'ERR_FOREST_THREAD', message: 'A thread that grows trees of the random forest ended before its trees were grown.' },
    ],
  ])('%s', async (name, source, expected) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.mjs`);
    await writeFile(file, `import { parentPort } from 'node:worker_threads';\n${source};\n`);
    const execArgv: string[] = [];
    const broken: ForestWorkers = { grow: (task, signal) => growInThreads(task, 2, signal, { file, execArgv }) };
    await expect(fit({ nEstimators: 5 }, broken)).rejects.toMatchObject(expected);
    expect(ended.size).toBe(started.length);
  });

  it('cannot be started is named', async () => {
    const broken: ForestWorkers = {
      grow: (task) => growInThreads(task, 2, undefined, { file: join(folder, 'x.mjs'), execArgv: ['--title=x'] }),
    };
    await expect(fit({ nEstimators: 5 }, broken)).rejects.toMatchObject({
      code: 'ERR_FOREST_THREAD',
      message: expect.stringMatching(/could not be started: .*--title/),
    });
  });
});

describe('createForestWorkers', () => {
  it('starts as many threads as there is work for', async () => {
    // 120 rows × 3 features × 10 trees.
    for (const [workPerThread, threads, expected] of [
      [3600, 3, 0],
      [1801, 3, 0],
      [1800, 3, 2],
      [1, 3, 3],
      [1, 1, 0],
    ] as const) {
      started = [];
      await fit({ nEstimators: 10 }, createForestWorkers({ threads, workPerThread }));
      expect(started, `${workPerThread} each`).toHaveLength(expected);
    }
  });

  it('names options that are wrong', () => {
    expect(() => createForestWorkers({ threads: 0 })).toThrow('`threads` must be an integer >= 1. Got 0.');
    expect(() => createForestWorkers({ workPerThread: -1 })).toThrow('`workPerThread` must be above 0. Got -1.');
  });
});
