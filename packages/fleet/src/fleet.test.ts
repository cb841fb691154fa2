import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { AbortedError, CORE_VERSION, Rng, runToEnd } from '@nnm/core';
import {
  ISOLATION_KINDS,
  journalLines,
  type MeasureJobs,
  type ProfileEvent,
  type ProfileJob,
  type ProfilerOptions,
  profileInTime,
  SYSTEM_TIMERS,
} from '@nnm/profiler';
import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { FormulaBackend, formulaJobs, formulaReference } from './__fixtures__/formula-backend.ts';
import { measureInstantly } from './__fixtures__/instant-measuring.ts';
import { TestProcess } from './__fixtures__/processes.ts';
import { RedisServer, redisMissing, until } from './__fixtures__/redis-server.ts';
import { openBoard } from './board/open-board.ts';
import { compareFleet } from './calibrate/compare-fleet.ts';
import { openFleet } from './coordinate/fleet.ts';
import { KEYS, PROTOCOL, parseResult, QUEUE_PREFIX, queueName } from './protocol.ts';
import { connectQueue } from './redis/connect.ts';
import { readFleet } from './roll/read-fleet.ts';
import { announce } from './roll/roll.ts';
import { runWorker, type WorkerEvent } from './work/worker.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nnm-fleet-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = (more: Partial<ProfilerOptions> = {}): ProfilerOptions => ({
  backend: new FormulaBackend(),
  settings: {},
  referenceModel: formulaReference,
  rng: new Rng(1),
  ...more,
});

interface WorkerChoices {
  readonly backend?: FormulaBackend;
  readonly device?: string;
  readonly version?: string;
  readonly factor?: number;
  readonly settings?: object;
  readonly class?: string;
  readonly measure?: MeasureJobs;
}

/** A worker in this process, for as long as the test lasts. */
async function startWorker(url: string, more: WorkerChoices = {}) {
  const stop = new AbortController();
  const events: WorkerEvent[] = [];
  const running = runWorker({
    url,
    backend: more.backend ?? new FormulaBackend(more.version, more.factor),
    settings: more.settings ?? {},
    referenceModel: formulaReference,
    device: more.device ?? 'one',
    class: more.class,
    measure: more.measure,
    lockMs: 2000,
    signal: stop.signal,
    onEvent: (event) => events.push(event),
  });
  let isOver = false;
  const over = running.then(
    () => undefined,
    (error: unknown) => {
      isOver = true;
      throw error;
    },
  );
  await Promise.race([over, until(() => isOver || events.some(({ type }) => type === 'joined'))]);
  return {
    events,
    over: running,
    end: async () => {
      stop.abort();
      return running;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}

async function measure(url: string, jobs: readonly ProfileJob[], more: Partial<ProfilerOptions> & { readonly class?: string } = {}) {
  const fleet = await openFleet({ url, class: more.class });
  const events: ProfileEvent[] = [];
  try {
    const summary = await runToEnd(fleet.measure(jobs, options(more), SYSTEM_TIMERS), (event) => events.push(event));
    return { summary, events, notes: events.flatMap((event) => (event.type === 'started' ? event.notes : [])) };
  } finally {
    fleet.close();
  }
}

/** Lines of a journal by what they are of. */
function journalOf(file: string) {
  const lines = [...journalLines(readFileSync(file))];
  return {
    records: lines.flatMap((line) => (line.type === 'record' ? [line.record] : [])),
    visits: lines.flatMap((line) => (line.type === 'visit' ? [line.id] : [])),
    devices: [...new Set(lines.flatMap((line) => (line.type === 'session' ? (line.origin?.device ?? []) : [])))],
  };
}

const byId = <T extends { readonly id: string }>(records: readonly T[]): readonly T[] =>
  [...records].sort((a, b) => (a.id < b.id ? -1 : 1));

describe.skipIf(redisMissing !== undefined)(`a fleet${redisMissing === undefined ? '' : ` (skipped: ${redisMissing})`}`, () => {
  it('gives what one machine gives, and leaves nothing behind', async () => {
    await using redis = await RedisServer.start();
    await using _worker = await startWorker(redis.url);
    const journalFile = join(folder, 'fleet.jsonl');
    const jobs = formulaJobs(20);
    const { summary, events } = await measure(redis.url, jobs, { journalFile });
    const own = await runToEnd(profileInTime(jobs, options({ journalFile: join(folder, 'own.jsonl') }), SYSTEM_TIMERS));
    expect(summary.records).toEqual(own.records);
    expect(summary.environment.runtime).toEqual(own.environment.runtime);
    expect(summary.counts).toMatchObject({ ok: 20, failed: 0, flagged: 0, visits: own.counts.visits });
    const [here, there] = [journalOf(join(folder, 'own.jsonl')), journalOf(journalFile)];
    expect(byId(there.records)).toEqual(byId(here.records));
    expect([...there.visits].sort()).toEqual([...here.visits].sort());
    expect(there.devices).toEqual(['one']);
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['started', 'visit', 'record', 'progress', 'finished']));
    const { workers, classes } = await readFleet(redis.url);
    expect(workers).toMatchObject([{ device: 'one', isLive: true, kernels: 20 }]);
    expect(classes).toMatchObject([{ devices: ['one'], sharing: [] }]);
    // The same once more finds everything in the journal, and needs nobody.
    const again = await measure(redis.url, jobs, { journalFile });
    expect(again.summary.records).toEqual(own.records);
    expect(again.summary.counts.visits).toBe(0);
  });

  it('the last word of a chunk is a record: nothing is told of a run that its build has forgotten', async () => {
    await using redis = await RedisServer.start();
    await using _worker = await startWorker(redis.url);
    // Not by ioredis, which breaks on what is monitored before it has read that it monitors.
    const { hostname, port } = new URL(redis.url);
    const monitor = connect(Number(port), hostname);
    let monitored = '';
    monitor.setEncoding('utf8').on('data', (text: string) => {
      monitored += text;
    });
    const told = (): readonly (string | undefined)[] =>
      monitored
        .split('\r\n')
        .filter((line) => /"xadd" "[^"]*:results:/i.test(line))
        .map((line) => /\\"type\\":\\"(\w+)\\"/.exec(line)?.[1]);
    try {
      monitor.write('MONITOR\r\n');
      await until(() => monitored.startsWith('+OK\r\n'));
      await measure(redis.url, formulaJobs(3), { journalFile: join(folder, 'fleet.jsonl'), together: true });
      await until(() => told().length >= 4);
      expect(told()).toEqual(['end', 'kernel', 'kernel', 'kernel']);
    } finally {
      monitor.destroy();
    }
  });

  it('goes on when workers, the server and the build are killed: nothing is lost, nothing is counted twice', async () => {
    await using redis = await RedisServer.start();
    const jobs = formulaJobs(60, () => ({ waitMs: 20 }));
    const own = await runToEnd(profileInTime(jobs, options({ journalFile: join(folder, 'own.jsonl') }), SYSTEM_TIMERS));
    const journalFile = join(folder, 'fleet.jsonl');
    await using processes = new AsyncStack();
    const startWorker = () => processes.add(new TestProcess('worker-process', { url: redis.url, device: 'one', lockMs: 1500 }));
    const startBuild = () => processes.add(new TestProcess('coordinator-process', { url: redis.url, journalFile, count: 60, waitMs: 20 }));
    const workers = [startWorker(), startWorker()];
    let build = startBuild();
    const rng = new Rng(20_261_129);
    const recorded = () => (existsSync(journalFile) ? journalOf(journalFile).records.length : 0);
    for (let kills = 0; kills < 8; kills++) {
      const next = recorded() + rng.integer(1, 8);
      await until(() => recorded() >= next || !build.isRunning);
      if (!build.isRunning) break;
      const victim = rng.pick(['worker', 'server', 'build'] as const);
      if (victim === 'server') {
        await redis.kill();
        await redis.restart();
      } else if (victim === 'build') {
        await build.kill();
        build = startBuild();
      } else {
        const index = rng.integer(0, 1);
        await workers[index]!.kill();
        workers[index] = startWorker();
      }
    }
    expect(await build.ended, build.output).toBe(0);
    const [here, there] = [journalOf(join(folder, 'own.jsonl')), journalOf(journalFile)];
    expect(byId(there.records)).toEqual(byId(here.records));
    expect(byId(there.records)).toEqual(byId(own.records));
    expect([...there.visits].sort()).toEqual([...here.visits].sort());
  });

  it('what a stopped build had asked for is taken by the next one, and not measured again', async () => {
    await using redis = await RedisServer.start();
    const journalFile = join(folder, 'fleet.jsonl');
    await using processes = new AsyncStack();
    const build = processes.add(new TestProcess('coordinator-process', { url: redis.url, journalFile, count: 8, waitMs: 20 }));
    await until(() => build.output.includes('none is there'));
    const worker = await startWorker(redis.url);
    await until(() => worker.events.some(({ type }) => type === 'taken'));
    await build.kill();
    await until(async () => ((await readFleet(redis.url)).workers[0]?.kernels ?? 0) > 0);
    await until(async () =>
      (await readFleet(redis.url)).classes.every(({ queues }) => queues.every((one) => one.waiting + one.active === 0)),
    );
    const measured = worker.events.filter(({ type }) => type === 'measured').length;
    expect((await worker.end()).kernels).toBe(measured);
    // Nobody measures any more: the records lie in the server.
    await using other = await startWorker(redis.url);
    const { summary } = await measure(
      redis.url,
      formulaJobs(8, () => ({ waitMs: 20 })),
      { journalFile },
    );
    expect(summary.counts.ok).toBe(8);
    expect(other.events.filter(({ type }) => type === 'measured')).toHaveLength(8 - measured);
    expect(journalOf(journalFile).records).toHaveLength(8);
  });

  it('a kernel that kills its workers becomes one failed record, and the others are measured', async () => {
    await using redis = await RedisServer.start();
    await using processes = new AsyncStack();
    const start = () => processes.add(new TestProcess('worker-process', { url: redis.url, device: 'one', lockMs: 1500 }));
    let worker = start();
    let isDone = false;
    const deaths = (async () => {
      let count = 0;
      while (!isDone) {
        await Promise.race([worker.ended, until(() => isDone)]);
        if (isDone) return count;
        count++;
        worker = start();
      }
      return count;
    })();
    const { summary } = await measure(
      redis.url,
      formulaJobs(5, (index) => (index === 2 ? { kills: true } : {})),
    );
    isDone = true;
    expect(await deaths).toBe(3);
    expect(summary.counts).toMatchObject({ ok: 4, failed: 1 });
    expect(summary.failures).toMatchObject([{ code: 'ERR_FLEET_WORKER_DEATH', ids: ['k3'], count: 1 }]);
  });

  it('kernels stay with one device until devices have been shown to agree', async () => {
    await using redis = await RedisServer.start();
    await using _one = await startWorker(redis.url, { device: 'one' });
    await using _two = await startWorker(redis.url, { device: 'two', factor: 1.015625 });
    await using _three = await startWorker(redis.url, { device: 'three', factor: 1.25 });
    const before = await measure(redis.url, formulaJobs(30), { journalFile: join(folder, 'before.jsonl') });
    expect(journalOf(join(folder, 'before.jsonl')).devices).toEqual(['one']);
    expect(before.notes.join('\n')).toMatch(/all measured on one, and not on three, two too: nobody has compared them/);

    const { comparison } = await compareFleet({ url: redis.url, jobs: formulaJobs(12), profiler: options() });
    expect(comparison).toMatchObject({
      reference: 'one',
      devices: [
        { device: 'three', ratio: expect.closeTo(1.25, 2), agrees: false },
        { device: 'two', ratio: expect.closeTo(1.015625, 4), agrees: true, kernels: 12 },
      ],
    });
    const after = await measure(
      redis.url,
      formulaJobs(60, () => ({ waitMs: 5 })),
      { journalFile: join(folder, 'after.jsonl') },
    );
    expect([...journalOf(join(folder, 'after.jsonl')).devices].sort()).toEqual(['one', 'two']);
    expect(after.notes.join('\n')).toMatch(/spread over one, two, which agree: .*two lies 1\.6 % from one/);
    // What was begun on a device that agrees may go on elsewhere; on another it stays.
    expect((await readFleet(redis.url)).classes).toMatchObject([{ sharing: ['one', 'two'] }]);
  });

  it('settles flagged kernels by workers that wait for quiet, and keeps what is not mended', async () => {
    await using redis = await RedisServer.start();
    const patience: (number | undefined)[] = [];
    const loudAtFirst: MeasureJobs = async function* (jobs, profilerOptions, timers) {
      patience.push(profilerOptions.settleWaitMs);
      const summary = yield* measureInstantly(jobs, profilerOptions, timers);
      const isLoud = (id: string): boolean => profilerOptions.settleWaitMs === undefined || id === 'k2';
      return { ...summary, records: summary.records.map((one) => (isLoud(one.id) ? { ...one, flags: ['contended'] } : one) as typeof one) };
    };
    await using _worker = await startWorker(redis.url, { measure: loudAtFirst });
    const journalFile = join(folder, 'settled.jsonl');
    const jobs = formulaJobs(6);
    expect((await measure(redis.url, jobs, { journalFile })).summary.counts.flagged).toBe(6);
    const settled = await measure(redis.url, jobs, { journalFile, settleWaitMs: 60_000 });
    expect(settled.events).toContainEqual({ type: 'settle', flagged: 6 });
    expect(settled.summary.records.filter((record) => record.status === 'ok' && record.flags.length > 0)).toMatchObject([{ id: 'k2' }]);
    expect(patience.filter((ms) => ms !== undefined).every((ms) => ms > 0 && ms <= 60_000)).toBe(true);
    expect(journalOf(journalFile).records.filter(({ id }) => id === 'k2')).toHaveLength(1);
    const again = await measure(redis.url, jobs, { journalFile, settleWaitMs: 60_000 });
    expect(again.events).toContainEqual({ type: 'settle', flagged: 1 });
    const over = await measure(redis.url, jobs, { journalFile, settleWaitMs: 0 });
    expect(over.summary.records).toEqual(again.summary.records);
    expect(over.summary.counts).toMatchObject({ ok: 6, flagged: 1 });
  });

  it('what belongs together is measured by one worker in one session, however many devices agree', async () => {
    await using redis = await RedisServer.start();
    const sessions: number[] = [];
    const counting: MeasureJobs = (jobs, ...others) => {
      sessions.push(jobs.length);
      return measureInstantly(jobs, ...others);
    };
    await using _one = await startWorker(redis.url, { device: 'one', measure: counting });
    await using _two = await startWorker(redis.url, { device: 'two', measure: counting });
    await compareFleet({ url: redis.url, jobs: formulaJobs(12), profiler: options() });
    sessions.length = 0;
    const { summary } = await measure(redis.url, formulaJobs(40), { together: true });
    expect(summary.counts.ok).toBe(40);
    expect(sessions).toEqual([40]);
  });

  it('a worker that is ended in good order, in the midst of a kernel, blames nobody, however often', async () => {
    await using redis = await RedisServer.start();
    const building = measure(redis.url, formulaJobs(2));
    for (let times = 0; times < 4; times++) {
      let isBegun = false;
      const endless: MeasureJobs = async function* (_jobs, profilerOptions, timers) {
        isBegun = true;
        await once(profilerOptions.signal!, 'abort');
        yield* measureInstantly([], profilerOptions, timers);
        throw new AbortedError({ what: 'Profiling' });
      };
      const worker = await startWorker(redis.url, { measure: endless });
      await until(() => isBegun);
      await worker.end();
    }
    await using _last = await startWorker(redis.url);
    expect((await building).summary.counts).toMatchObject({ ok: 2, failed: 0 });
  });

  it('waits for a worker and says so, until the budget ends that', async () => {
    await using redis = await RedisServer.start();
    const events: ProfileEvent[] = [];
    const fleet = await openFleet({ url: redis.url });
    const run = runToEnd(fleet.measure(formulaJobs(2), options({ budgetMs: 300 }), SYSTEM_TIMERS), (event) => events.push(event));
    await expect(run).rejects.toMatchObject({ code: 'ERR_FLEET_NO_WORKER' });
    fleet.close();
    expect(events).toEqual([{ type: 'waiting', reason: 'Waiting for a worker that measures with formula: none is there.' }]);
  });

  it('a budget that ends in the middle leaves what is missing unmeasured, and the queues empty', async () => {
    await using redis = await RedisServer.start();
    await using _worker = await startWorker(redis.url);
    const jobs = formulaJobs(100, (index) => ({ waitMs: index === 0 ? 0 : 50 }));
    const { summary } = await measure(redis.url, jobs, { budgetMs: 1500 });
    expect(summary.unmeasured.length).toBeGreaterThan(0);
    expect(summary.records.length + summary.unmeasured.length).toBe(100);
    const { classes } = await readFleet(redis.url);
    expect(classes.flatMap(({ queues }) => queues.map(({ waiting }) => waiting))).toEqual([0, 0]);
  });

  it('refuses workers and builds that do not fit, and says how they differ', async () => {
    await using redis = await RedisServer.start();
    await using first = await startWorker(redis.url, { settings: { threads: 2, library: '/opt/a.so' } });
    const [joined] = first.events as [Extract<WorkerEvent, { type: 'joined' }>];
    const classId = joined.class.id;
    await expect(measure(redis.url, formulaJobs(1), { settings: { threads: 4, library: '/usr/lib/b.so' } })).rejects.toMatchObject({
      code: 'ERR_FLEET_SETTINGS',
      message: `The workers of ${classId} measure with other settings than these: threads is 4 here, 2 there.`,
    });
    const newer = startWorker(redis.url, { version: '2', class: classId, settings: { threads: 2 } });
    await expect(newer.then((worker) => worker.end())).rejects.toMatchObject({
      code: 'ERR_FLEET_CLASS',
      message: `This device is not of class ${classId}: runtime version was 1, is 2.`,
    });
    await using second = await startWorker(redis.url, { version: '2', device: 'two', settings: { threads: 2 } });
    expect(second.events).toMatchObject([
      { type: 'joined', notes: expect.arrayContaining([expect.stringContaining('runtime version was 1, is 2')]) },
    ]);
    const settings = { threads: 2 };
    await expect(measure(redis.url, formulaJobs(1), { settings })).rejects.toMatchObject({ code: 'ERR_FLEET_CLASS' });
    expect((await measure(redis.url, formulaJobs(1), { settings, class: classId })).summary.environment.runtime.version).toBe('1');

    await redis.ask(async (client) => {
      for (const [id, text] of Object.entries(await client.hgetall(KEYS.workers))) {
        await client.hset(KEYS.workers, id, JSON.stringify({ ...JSON.parse(text), nnm: '9.0.0' }));
      }
    });
    await expect(measure(redis.url, formulaJobs(1), { settings })).rejects.toMatchObject({ code: 'ERR_FLEET_VERSION' });
    await expect(startWorker(redis.url)).rejects.toMatchObject({ code: 'ERR_FLEET_VERSION' });
  });

  it('a server that is full, or may not be written, is one clear error, and what was measured is kept', async () => {
    await using redis = await RedisServer.start();
    await using _worker = await startWorker(redis.url);
    const journalFile = join(folder, 'full.jsonl');
    await measure(redis.url, formulaJobs(2), { journalFile });
    await redis.ask((client) => client.config('SET', 'maxmemory', '1mb'));
    const big: ProfileJob = { id: 'big', hash: 'big', model: () => new Uint8Array(4 * 2 ** 20) };
    await expect(measure(redis.url, [...formulaJobs(2), big], { journalFile })).rejects.toMatchObject({
      code: 'ERR_QUEUE_REFUSAL',
      message: expect.stringMatching(/refuses what nnm writes: OOM command not allowed/),
    });
    await redis.ask((client) => client.config('SET', 'maxmemory', '0'));
    expect((await measure(redis.url, formulaJobs(3), { journalFile })).summary.counts).toMatchObject({ ok: 3 });
  });

  it('builds of different workspaces, at once, get each their own records', async () => {
    await using redis = await RedisServer.start();
    await using _worker = await startWorker(redis.url);
    const slow = formulaJobs(12, () => ({ waitMs: 10 }));
    const fast = formulaJobs(12, (index) => ({ ms: (index + 1) / 32 })); // same ids, other models
    const [one, two] = await Promise.all([measure(redis.url, slow), measure(redis.url, fast)]);
    const latencies = ({ summary }: typeof one) => summary.records.map((record) => record.status === 'ok' && record.stats.latencyMs);
    expect(latencies(one)).toEqual(slow.map((_, index) => (index + 1) / 64));
    expect(latencies(two)).toEqual(fast.map((_, index) => (index + 1) / 32));
  });

  it.each([
    ['is none of nnm’s', {}, 'ERR_FLEET_REFUSED'],
    ['names no kernels', { protocol: PROTOCOL, nnm: CORE_VERSION, kernels: [null] }, 'ERR_FLEET_REFUSED'],
    ['is of another version', { protocol: PROTOCOL, nnm: '0.0.1', kernels: [] }, 'ERR_FLEET_VERSION'],
  ])('a job that %s is one failed job, and the worker goes on', async (_, data, code) => {
    await using redis = await RedisServer.start();
    await using worker = await startWorker(redis.url);
    const [joined] = worker.events as [Extract<WorkerEvent, { type: 'joined' }>];
    const connection = await connectQueue(redis.url);
    onTestFinished(() => connection.close());
    const queue = new Queue(queueName(joined.class.id, 'one'), { connection: connection.redis, prefix: QUEUE_PREFIX });
    await queue.add('chunk', data, { jobId: 'poison' });
    await until(() => worker.events.some(({ type }) => type === 'failed'));
    expect(worker.events.find((event) => event.type === 'failed')).toMatchObject({ error: { code } });
    await until(async () => (await queue.getJobState('poison')) === 'failed');
    await queue.close();
    expect((await measure(redis.url, formulaJobs(2))).summary.counts).toMatchObject({ ok: 2, failed: 0 });
  });

  it('believes no result that a journal would not hold', () => {
    expect(parseResult('nonsense')).toBeUndefined();
    const record = { status: 'ok', id: 'k1', hash: 'h1', stats: { latencyMs: -1 }, flags: [], slowdown: 1 };
    const environment = { runtime: { runtime: 'x', version: '1', threads: 1, options: {} } };
    expect(parseResult(JSON.stringify({ type: 'kernel', chunk: 'c', device: 'd', environment, visits: [], record }))).toBeUndefined();
  });

  it.each([
    ['a wrong password', (redis: RedisServer) => redis.url.replace('geheim', 'falsch'), 'ERR_QUEUE_AUTH'],
    ['no password', (redis: RedisServer) => `redis://127.0.0.1:${redis.port}`, 'ERR_QUEUE_AUTH'],
    ['TLS where there is none', (redis: RedisServer) => redis.url.replace('redis:', 'rediss:'), 'ERR_QUEUE_NOT_REDIS'],
  ])('%s is told, without the password', async (_, urlOf, code) => {
    await using redis = await RedisServer.start({ password: 'geheim' });
    const error = await openFleet({ url: urlOf(redis) }).catch((thrown: unknown) => thrown as Error & { code: string; hint: string });
    expect(error).toMatchObject({ code });
    expect(JSON.stringify(error) + inspect(error)).not.toMatch(/geheim|falsch/);
  });

  it('nobody there, and somebody who is no Redis, are told', async () => {
    await expect(openFleet({ url: 'redis://127.0.0.1:1' })).rejects.toMatchObject({ code: 'ERR_QUEUE_CONNECTION' });
    await expect(openFleet({ url: 'http://127.0.0.1' })).rejects.toMatchObject({ code: 'ERR_QUEUE_URL' });
    await expect(openFleet({ url: 'redis://127.0.0.1:1?db=2' })).rejects.toMatchObject({ code: 'ERR_QUEUE_URL' });
    await expect(openFleet({ url: 'redis://:geh/eim@127.0.0.1:1' })).rejects.toMatchObject({
      code: 'ERR_QUEUE_URL',
      message: expect.not.stringContaining('geh'),
      hint: expect.stringContaining('%2F'),
    });
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await expect(openFleet({ url: `redis://127.0.0.1:${port}` })).rejects.toMatchObject({ code: 'ERR_QUEUE_NOT_REDIS' });
    server.close();
  });

  it('speaks TLS with a server whose authority Node is told', async () => {
    const path = (name: string) => join(folder, name);
    const made = spawnSync('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=nnm',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      path('key.pem'),
      '-out',
      path('cert.pem'),
    ]);
    expect(made.status, String(made.stderr ?? made.error)).toBe(0);
    const tls = { cert: path('cert.pem'), key: path('key.pem'), ca: path('cert.pem') };
    await using redis = await RedisServer.start({ tls, password: 'geheim' });
    await expect(openFleet({ url: redis.url })).rejects.toMatchObject({
      code: 'ERR_QUEUE_CONNECTION',
      message: expect.stringMatching(/self-signed certificate/),
    });
    const trusting = { NODE_EXTRA_CA_CERTS: tls.cert };
    await using worker = new TestProcess('worker-process', { url: redis.url, device: 'one' }, trusting);
    const settings = { url: redis.url, journalFile: path('tls.jsonl'), count: 3, waitMs: 0 };
    await using build = new TestProcess('coordinator-process', settings, trusting);
    expect(await build.ended, worker.output + build.output).toBe(0);
    expect(journalOf(path('tls.jsonl')).records).toHaveLength(3);
    expect(worker.output + build.output).not.toContain('geheim');
  });

  it('a worker whose runtime is replaced while it lives measures nothing under the old name, and ends', async () => {
    await using redis = await RedisServer.start();
    const backend = new FormulaBackend();
    const replaced = await startWorker(redis.url, { backend });
    backend.version = '2';
    const building = measure(redis.url, formulaJobs(3));
    await expect(replaced.over).rejects.toMatchObject({
      code: 'ERR_FLEET_CLASS',
      message: 'This device is no longer of its class: runtime version was 1, is 2.',
    });
    await using _same = await startWorker(redis.url);
    const { summary } = await building;
    expect(summary.counts).toMatchObject({ ok: 3, failed: 0 });
    expect(summary.environment.runtime.version).toBe('1');
  });

  it('knows classes of every kind of isolation, such as of a worker whose board is reached by ssh', async () => {
    await using redis = await RedisServer.start();
    const connection = await connectQueue(redis.url);
    onTestFinished(() => connection.close());
    await using _worker = await startWorker(redis.url);
    await until(async () => (await readFleet(redis.url)).classes.length > 0);
    const known = (await readFleet(redis.url)).classes[0]!.class;
    for (const kind of ISOLATION_KINDS) {
      const worker = { id: kind, device: kind, classId: kind, backend: known.backend, protocol: 1, nnm: '1', pid: 1, kernels: 0 };
      await announce(connection.redis, { ...worker, doing: 'waiting' }, { ...known, id: kind, isolation: { kind } });
    }
    const classes = (await readFleet(redis.url)).classes.map((one) => one.class.isolation.kind);
    expect(classes).toEqual(expect.arrayContaining([...ISOLATION_KINDS]));
  });

  it('one warning of a server that forgets', async () => {
    await using forgetful = await RedisServer.start({ keeps: 'nothing', maxmemoryPolicy: 'allkeys-lru' });
    const fleet = await openFleet({ url: forgetful.url });
    fleet.close();
    expect(fleet.notes).toEqual([expect.stringMatching(/maxmemory-policy allkeys-lru\), and keeps nothing when it is restarted/)]);
    await using good = await RedisServer.start();
    const other = await openFleet({ url: good.url });
    other.close();
    expect(other.notes).toEqual([]);
  });

  it('Bull Board shows the queues to this machine alone, and changes nothing', async () => {
    await using redis = await RedisServer.start();
    await using _worker = await startWorker(redis.url);
    const board = await openBoard(redis.url);
    onTestFinished(() => board.close());
    const queues = (await (await fetch(`${board.url}api/queues`)).json()) as { queues: readonly { name: string; readOnlyMode: boolean }[] };
    expect(queues.queues.map(({ name }) => name)).toEqual(board.queues);
    expect(queues.queues.every(({ readOnlyMode }) => readOnlyMode)).toBe(true);
    expect((await fetch(new URL('/', board.url))).status).toBe(404);
    expect((await fetch(`${board.url}api/queues/${board.queues[0]}/pause`, { method: 'PUT' })).status).toBe(403);
    expect(await statusFor(board.url, 'elsewhere.example')).toBe(403);
  });
});

/** Status of a request whose sender thinks that it has reached somebody else. */
async function statusFor(url: string, host: string): Promise<number | undefined> {
  const asked = get(url, { headers: { host } });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

/** Disposes of what was added to it. */
class AsyncStack implements AsyncDisposable {
  private readonly held: AsyncDisposable[] = [];

  add<T extends AsyncDisposable>(one: T): T {
    this.held.push(one);
    return one;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.held) await one[Symbol.asyncDispose]();
  }
}
