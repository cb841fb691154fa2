import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DeviceFinding, NnmError, placeBackend, Rng, runToEnd } from '@nnm/core';
import { openProfilerSession, type ProfileEvent, type ProfileJob, type ProfilerOptions, profileKernels } from '@nnm/profiler';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { boardBackend, command } from './__fixtures__/board-backend.ts';
import { type LocalBoard, sshdMissing, startLocalBoard } from './__fixtures__/local-board.ts';
import { startSlowPort } from './__fixtures__/slow-network.ts';
import { sshDeviceKind } from './ssh-device-kind.ts';

const why = sshdMissing === undefined ? '' : ` (${sshdMissing})`;
if (sshdMissing !== undefined) console.warn(`skipped: nothing is measured over ssh${why}`);

let board: LocalBoard;
const opened: { close(): Promise<void> }[] = [];

const settingsOf = (more: object = {}, of = board) => sshDeviceKind.parseSettings({ SSH_CONFIG: of.config, ...more }, of.address);
const place = (more: object = {}, of = board) => {
  const device = sshDeviceKind.open(settingsOf(more, of), boardBackend);
  opened.push(device);
  return placeBackend(boardBackend, device);
};
const open = async (more: object = {}, settings: object = {}) => {
  const session = await openProfilerSession({
    backend: place(more),
    settings,
    referenceModel: () => command('spin 0.1'),
    levelsFile: false,
  });
  opened.push(session);
  return session;
};
const job = (id: string, text: string): ProfileJob => ({ id, hash: id, model: () => command(text) });
const run = (
  jobs: readonly ProfileJob[],
  { policy = {}, backend = place(), signal }: Pick<ProfilerOptions, 'policy' | 'signal'> & { backend?: ReturnType<typeof place> } = {},
  onEvent: (event: ProfileEvent) => void = () => undefined,
) =>
  runToEnd(
    profileKernels(jobs, {
      backend,
      settings: {},
      rng: new Rng(1),
      signal,
      // Whether anything is quiet here is not what is tested.
      policy: { gate: 0, revisitAfterMs: 0, agreement: 1000, minSlices: 1, kernelTimeoutMs: 60_000, ...policy },
    }),
    onEvent,
  );
const failure = async (promise: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> => {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!NnmError.isInstance(error)) throw error;
  return { code: error.code, message: error.message, hint: error.hint ?? '' };
};
const agents = (): string => path.join(board.home, '.cache', 'nnm', 'agents');
/** Processes of agents that run. */
const running = (): readonly string[] =>
  execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(board.home));
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
};

describe.skipIf(sshdMissing !== undefined)(`a board over ssh${why}`, () => {
  beforeAll(async () => {
    board = await startLocalBoard();
  });
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
    board.setShell({});
  });
  afterAll(() => board[Symbol.asyncDispose]());

  it('measures in a process of its own, pinned there, and says what it is', async () => {
    const session = await open();
    expect(session.info).toMatchObject({ runtime: 'Board', version: '7.0' });
    expect(session.environment).toMatchObject({
      isolation: 'device',
      device: { kind: 'ssh', version: expect.stringMatching(/^\d/) },
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
    });
    expect(session.device?.details).toMatchObject({
      kernel: expect.stringMatching(/^Linux /),
      'C library': expect.stringMatching(/^glibc \d/),
    });
    const { cpus } = session.isolation;
    expect(cpus).toHaveLength(1);
    expect(session.environment.pinned).toBe(true);
    const status = readFileSync(`/proc/${session.info.options.pid}/status`, 'utf8');
    expect(/^Cpus_allowed_list:\s*(\d+)$/m.exec(status)?.[1]).toBe(String(cpus?.[0]));
    const data = Float32Array.of(1, Number.NaN, -0);
    expect(await session.execute(command('spin 0.1'), [{ shape: [1, 3], data }])).toEqual([
      { shape: [1, 3], data: Float32Array.of(2, Number.NaN, 1) },
    ]);
    expect((await session.measureNoise(0.2)).drift.probes).toBeGreaterThan(0);
    expect(session.notes.join()).not.toContain('not pinned');
  });

  it('makes failed records of what fails, hangs or crashes, and goes on', async () => {
    const { records } = await run([job('A', 'spin 0.2'), job('B', 'throw'), job('C', 'hang'), job('D', 'crash'), job('E', 'wait 3')], {
      policy: { kernelTimeoutMs: 2000 },
    });
    expect(records).toMatchObject([
      { id: 'A', status: 'ok' },
      { id: 'B', status: 'failed', error: { code: 'ERR_RUNTIME_FAILURE', message: 'The operator is not known.' } },
      {
        id: 'C',
        status: 'failed',
        error: { code: 'ERR_KERNEL_TIMEOUT', message: expect.stringMatching(/^The device did not finish within 2 s/) },
      },
      {
        id: 'D',
        status: 'failed',
        error: {
          code: 'ERR_KERNEL_CRASHED',
          message: expect.stringMatching(
            /^The device lost its profiling process, which crashed with a segmentation fault \(SIGSEGV\), while measuring/,
          ),
        },
      },
      { id: 'E', status: 'ok' },
    ]);
    await until(() => running().length === 0);
  });

  it('loses a visit, not the run, when the connection is cut, and leaves nothing running there', async () => {
    let cut = 0;
    const retries: string[] = [];
    const { records, counts } = await run([job('A', 'wait 150'), job('B', 'wait 151')], { policy: { minVisits: 2 } }, (event) => {
      if (event.type === 'retry') retries.push(event.reason);
      if (event.type === 'visit' && cut === 0) cut = board.cut(); // the next visit has been asked for
    });
    expect(cut).toBeGreaterThan(0);
    expect(retries).toEqual([expect.stringMatching(/^The device lost its connection: .* while measuring the kernel/)]);
    expect(records).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
    expect(counts.workerRestarts).toBe(1);
    await until(() => running().length === 0);
  });

  it('notices a link that falls silent without an end, and connects again', async () => {
    await using far = await startSlowPort(board.port);
    const config = readFileSync(board.config, 'utf8');
    writeFileSync(board.config, `${config}HostKeyAlias [127.0.0.1]:${board.port}\n`);
    onTestFinished(() => writeFileSync(board.config, config));
    const settings = sshDeviceKind.parseSettings({ SSH_CONFIG: board.config }, board.address.replace(/\d+$/, String(far.port)));
    const device = sshDeviceKind.open(settings, boardBackend);
    opened.push(device);
    const retries: string[] = [];
    let isSilent = false;
    const jobs = [job('A', 'wait 150'), job('B', 'wait 151')];
    const { records } = await run(jobs, { policy: { minVisits: 2 }, backend: placeBackend(boardBackend, device) }, (event) => {
      if (event.type === 'retry') retries.push(event.reason);
      if (event.type !== 'visit' || isSilent) return;
      isSilent = true;
      far.silence();
    });
    expect(retries).toEqual([expect.stringMatching(/^The device (lost its connection: .*|did not answer for 30 s) while measuring/)]);
    expect(records).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
  });

  it('ends an endless call there when the connection is gone', async () => {
    const stop = new AbortController();
    const mark = path.join(board.home, 'hanging');
    rmSync(mark, { force: true }); // another kernel may have hung before
    const running = failure(run([job('H', 'hang')], { policy: { kernelTimeoutMs: 600_000 }, signal: stop.signal }));
    await until(() => existsSync(mark));
    const pid = readFileSync(mark, 'utf8');
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    board.cut();
    await until(() => !existsSync(`/proc/${pid}`));
    stop.abort();
    expect((await running).code).toBe('ERR_ABORTED');
  });

  it('waits for a board that starts again in the middle of a visit', async () => {
    let restarted: Promise<void> | undefined;
    const notices: string[] = [];
    const backend = place();
    backend.device.onNotice((text) => notices.push(text));
    const { records } = await run([job('A', 'wait 150'), job('B', 'wait 151')], { policy: { minVisits: 2 }, backend }, (event) => {
      if (event.type !== 'visit' || restarted !== undefined) return;
      restarted = board.stop().then(async () => {
        await until(() => notices.some((text) => text.includes('Waiting for it')));
        await board.start();
      });
    });
    await restarted;
    expect(records).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
  });

  it('passes on why the runtime does not start', async () => {
    await expect(open({}, { fail: true })).rejects.toMatchObject({
      code: 'ERR_RUNTIME_FAILURE',
      message: expect.stringMatching(/^The runtime file:.*board-runtime\.js failed to start: The board has no accelerator/),
    });
  });

  it('is not disturbed by what a login shell prints', async () => {
    board.setShell({ startup: 'echo "Welcome to the board! <nnm 123>"; echo "your disk is fine" >&2; printf "\\001\\377 no line end"' });
    const session = await open();
    expect(session.info.runtime).toBe('Board');
  });

  it('copies its agent once, repairs what somebody changed, and deletes it when asked', async () => {
    const remove = () => sshDeviceKind.remove!(settingsOf());
    await remove();
    const notices: string[] = [];
    const start = async (): Promise<void> => {
      const backend = place();
      backend.device.onNotice((text) => notices.push(text));
      const session = await openProfilerSession({ backend, settings: {}, levelsFile: false });
      await session.close();
    };
    await start();
    expect(notices).toEqual([expect.stringMatching(/^Copying the agent with board_test to ssh:.*: [\d.]+ MB, for linux /)]);
    const [id] = readdirSync(agents());
    const agent = path.join(agents(), id!, 'agent.mjs');
    const before = statSync(agent).mtimeMs;
    await start();
    expect(notices).toHaveLength(1);
    expect(statSync(agent).mtimeMs).toBe(before);
    writeFileSync(agent, 'process.exit(3)');
    await start();
    expect(notices).toHaveLength(2);
    // What another agent holds by the same content is not copied again.
    const content = readFileSync(path.join(agents(), id!, 'worker.mjs'));
    const findings: DeviceFinding[] = [];
    for await (const finding of sshDeviceKind.check!(settingsOf())) findings.push(finding);
    expect(findings.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(findings.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        'ssh',
        'connection',
        'Node',
        'agent',
        'board',
        'kernel',
        'temperature',
        'throttling',
        'governor',
        'pressure',
      ]),
    );
    const other = readdirSync(agents()).find((name) => name !== id)!;
    expect(statSync(path.join(agents(), other, 'worker.mjs')).ino).toBe(statSync(path.join(agents(), id!, 'worker.mjs')).ino);
    expect(content.length).toBeGreaterThan(1000);
    expect(await remove()).toMatch(/^Deleted .*agents of ssh:.*, [\d.]+ MB\.$/);
    expect(existsSync(agents())).toBe(false);
    expect(await remove()).toMatch(/^Nothing of nnm is in/);
  });

  describe('that cannot be used is one clear error', () => {
    it('when its host key has changed, or is not known', async () => {
      const known = readFileSync(board.knownHosts);
      await board.changeHostKey();
      expect(await failure(open())).toMatchObject({
        code: 'ERR_DEVICE_UNAVAILABLE',
        message: expect.stringContaining('its host key is not the one that this machine knows'),
        hint: expect.stringContaining('ssh-keygen -R'),
      });
      writeFileSync(board.knownHosts, '');
      expect((await failure(open())).message).toContain('its host key is not known here yet');
      writeFileSync(board.knownHosts, known);
      const [type, key] = readFileSync(board.knownHosts.replace('known_hosts', 'host_key.pub'), 'utf8').split(' ');
      writeFileSync(board.knownHosts, `${known.toString().split(' ')[0]} ${type} ${key}\n`);
    });

    it('when it does not let us in', async () => {
      const keys = path.join(path.dirname(board.key), 'authorized_keys');
      const before = readFileSync(keys);
      writeFileSync(keys, '');
      const { message, hint } = await failure(open());
      writeFileSync(keys, before);
      expect(message).toMatch(/does not let \w+ in \(.*Permission denied \(publickey\)\)/);
      expect(hint).toContain('ssh-copy-id');
    });

    it('when nothing listens, or no network knows its name', async () => {
      const settings = sshDeviceKind.parseSettings({ SSH_CONFIG: board.config }, 'pi@127.0.0.1:1');
      const device = sshDeviceKind.open(settings, boardBackend);
      expect((await failure(device.connect({ message: () => undefined, end: () => undefined }))).message).toMatch(
        /"ssh:\/\/pi@127\.0\.0\.1:1" cannot be used: it cannot be reached \(.*Connection refused\)/,
      );
      const nobody = sshDeviceKind.open(sshDeviceKind.parseSettings({ SSH_CONFIG: board.config }, 'no-such-board.invalid'), boardBackend);
      expect((await failure(nobody.connect({ message: () => undefined, end: () => undefined }))).message).toContain(
        'no network knows its name no-such-board.invalid',
      );
    });

    it('when it has no Node, or one that is too old', async () => {
      board.setShell({ path: '/usr/bin:/bin' });
      const { message, hint } = await failure(open({ SSH_NODE: 'no-such-node' }));
      expect(message).toContain('there is no program no-such-node for shells that ssh starts there');
      expect(hint).toContain('SSH_NODE');
      const old = path.join(board.home, 'old-node');
      writeFileSync(old, `#!/bin/sh\nprintf '<nnm %s>\\n{"node":"12.22.0","platform":"linux","arch":"arm64"}\\n' "$3"\n`, { mode: 0o755 });
      expect((await failure(open({ SSH_NODE: '~/old-node' }))).message).toContain(
        'its Node.js is 12.22.0, and measuring needs 20.12 or newer',
      );
    });

    it('when its folder may not be written', async () => {
      // Not even root may write there.
      const { message, hint } = await failure(open({ SSH_FOLDER: '/sys/nnm' }));
      expect(message).toMatch(/cannot be used: its user may not write \/sys\/nnm\S* \(EPERM\)/);
      expect(hint).toContain('SSH_FOLDER');
      expect((await failure(open({ SSH_FOLDER: '/proc/nnm' }))).message).toContain('what nnm keeps there cannot be put in place (ENOENT');
    });

    it('when the agent that is installed there is missing, or another version', async () => {
      const folder = path.join(board.home, 'tools');
      const agent = path.join(folder, 'node_modules', '@nnm', 'device-ssh');
      mkdirSync(agent, { recursive: true });
      expect((await failure(open({ SSH_AGENT: '~/tools' }))).message).toContain('@nnm/device-ssh is not installed in ~/tools');
      writeFileSync(path.join(agent, 'package.json'), '{ "version": "0.0.1" }');
      const { message, hint } = await failure(open({ SSH_AGENT: '~/tools' }));
      expect(message).toContain('@nnm/device-ssh is 0.0.1 there and');
      expect(hint).toContain('npm install --ignore-scripts @nnm/device-ssh@');
    });

    it('when ssh is not installed here', async () => {
      const before = process.env.PATH;
      process.env.PATH = board.home;
      try {
        const { message, hint } = await failure(open());
        expect(message).toContain('the program ssh is not installed on this machine');
        expect(hint).toContain('openssh-client');
      } finally {
        process.env.PATH = before;
      }
    });

    const tmpfs = mayMount();
    it.skipIf(!tmpfs)(`when its storage is full${tmpfs ? '' : ' (nothing can be mounted here)'}`, async () => {
      const disk = path.join(board.home, 'disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', disk]);
      try {
        const { message, hint } = await failure(open({ SSH_FOLDER: '~/disk' }));
        expect(message).toMatch(/its storage is full: .*disk.* cannot be written/);
        expect(hint).toContain('SSH_FOLDER');
        expect(readdirSync(path.join(disk, 'agents'))).toEqual([]);
      } finally {
        execFileSync('umount', [disk]);
        rmSync(disk, { recursive: true });
      }
    });
  });
});

function mayMount(): boolean {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return false;
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
