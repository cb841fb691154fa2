import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { userDataFolder } from '@nnm/profiler';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type LocalBoard, sshdMissing, startLocalBoard } from '../../../device-ssh/src/__fixtures__/local-board.ts';
import { netemMissing, startFarBoard, startSlowPort } from '../../../device-ssh/src/__fixtures__/slow-network.ts';
import { runCommand } from '../../test/run-command.ts';
import { makeTempProject, type TempProject } from '../../test/temp-project.ts';
import Build from './build.ts';
import Connect from './connect.ts';
import Create from './create.ts';
import DeviceAdd from './device/add.ts';
import DeviceCheck from './device/check.ts';
import DeviceListCommand from './device/list.ts';
import DeviceRemove from './device/remove.ts';

const why = sshdMissing === undefined ? '' : ` (${sshdMissing})`;
if (sshdMissing !== undefined) console.warn(`skipped: nothing is built over ssh${why}`);

let project: TempProject;
let home: string | undefined;
beforeAll(async () => {
  project = await makeTempProject({});
  home = process.env.NNM_HOME;
  process.env.NNM_HOME = project.path('data');
});
afterAll(async () => {
  if (home === undefined) delete process.env.NNM_HOME;
  else process.env.NNM_HOME = home;
  await project[Symbol.asyncDispose]();
});

/** A workspace with one kernel and few samples. */
async function createSmall(name: string, device: string): Promise<void> {
  const created = await runCommand(Create, [name, '-b', 'tflite_cpu', '-k', 'relu', '--samples', '12', '--device', device], project.folder);
  expect(created.exitCode, created.stderr).toBe(0);
  const config = project.path(name, 'configs', 'predictorbuild_config.yaml');
  const text = await readFile(config, 'utf8');
  await writeFile(config, text.replace(/ITERATION: \d+/, 'ITERATION: 1').replace(/HOLDOUT_SAMPLE_NUM: \d+/, 'HOLDOUT_SAMPLE_NUM: 10'));
}

interface MeasuredRecord {
  readonly id: string;
  readonly stats?: { readonly minMs: number };
}

async function recordsOf(name: string): Promise<readonly MeasuredRecord[]> {
  const text = await readFile(project.path(name, 'predictor_build', 'results', 'relu.jsonl'), 'utf8');
  const lines: readonly { readonly type: string; readonly record: MeasuredRecord }[] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return lines.flatMap(({ type, record }) => (type === 'record' ? record : []));
}

describe('nnm device', () => {
  afterEach(() => runCommand(DeviceRemove, ['pi', '--name-only'], project.folder));

  test('names devices, shows them, and forgets them', async () => {
    expect((await runCommand(DeviceListCommand, [], project.folder)).stdout).toContain('No device has a name yet');
    const added = await runCommand(DeviceAdd, ['pi', 'ssh://pi@board:2222', '--set', 'SSH_WAIT_S=5', '--json'], project.folder);
    expect(added.json()).toEqual({ name: 'pi', address: 'ssh://pi@board:2222', settings: { SSH_WAIT_S: 5 } });
    const { stdout } = await runCommand(DeviceListCommand, [], project.folder);
    expect(stdout).toMatch(/^pi +ssh:\/\/pi@board:2222 +SSH_WAIT_S=5$/m);
    expect(stdout).toMatch(/^ssh:\/\/\[user@\]board\[:port\] +A board/m);
    expect(JSON.parse(await readFile(path.join(userDataFolder(), 'devices.json'), 'utf8'))).toEqual({
      schemaVersion: 1,
      devices: { pi: { address: 'ssh://pi@board:2222', settings: { SSH_WAIT_S: 5 } } },
    });
    const again = await runCommand(DeviceAdd, ['pi', 'ssh://other'], project.folder);
    expect(again.stdout).toContain('pi is ssh://other now; it was ssh://pi@board:2222.');
    expect((await runCommand(DeviceRemove, ['pi', '--name-only'], project.folder)).stdout).toContain('Forgot pi.');
  });

  test.each([
    [['here', 'ssh://pi@board'], '"here" means something already'],
    [['ssh', 'ssh://pi@board'], '"ssh" means something already'],
    [['p i', 'ssh://pi@board'], '`name` must be letters, digits'],
    [['pi', 'shh://board'], 'There is no device "shh"; did you mean "ssh"?'],
    [['pi', 'ssh://pi:secret@board'], 'is not `ssh://[user@]board[:port]`; a password or a folder has no place in it'],
    [['pi', 'ssh://-oProxyCommand=x'], 'is not `ssh://[user@]board[:port]`'],
    [['pi', 'browser://here'], 'the device browser has no addresses'],
    [['pi', 'ssh://board', '--set', 'SSH_WAIT_S=soon'], 'SSH_WAIT_S must be a number of seconds from 0 to 86400'],
    [['pi', 'ssh://board', '--set', 'SSH_PORT'], '--set SSH_PORT is not KEY=VALUE'],
  ])('refuses %j', async (argv, message) => {
    const { exitCode, stderr } = await runCommand(DeviceAdd, argv, project.folder);
    expect(exitCode).not.toBe(0);
    expect(stderr.replace(/\s+/g, ' ')).toContain(message);
  });

  test('checks this machine', async () => {
    const { stdout, exitCode } = await runCommand(DeviceCheck, ['here', '-b', 'tflite_cpu', '--seconds', '1'], project.folder);
    expect(exitCode, stdout).toBe(0);
    for (const what of ['Node', 'temperature', 'throttling', 'governor', 'pressure', 'tflite_cpu']) {
      expect(stdout).toMatch(new RegExp(`^(ok|warning|unknown) +${what}: `, 'm'));
    }
    expect(stdout).toMatch(/^\w+ +Noise \(tflite_cpu\): quiet [\d.]+ % of 1 s/m);
  });

  test('checks a device that is not there, which is one failed line', async () => {
    const { stdout, exitCode } = await runCommand(DeviceCheck, ['ssh://pi@127.0.0.1:1', '-b', 'tflite_cpu'], project.folder);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^failed +connection: The device "ssh:\/\/pi@127\.0\.0\.1:1" cannot be used: /m);
    expect(stdout).toMatch(/^ +Hint: /m);
  });
});

describe.skipIf(sshdMissing !== undefined)(`DEVICE: ssh, with TensorFlow Lite over a local ssh server${why}`, () => {
  let board: LocalBoard;
  beforeAll(async () => {
    board = await startLocalBoard();
  });
  afterAll(() => board[Symbol.asyncDispose]());

  test('goes all the way from a name to a predictor, and leaves nothing there', async () => {
    const address = `ssh://${board.address}`;
    const added = await runCommand(DeviceAdd, ['board', address, '--set', `SSH_CONFIG=${board.config}`], project.folder);
    expect(added.exitCode, added.stderr).toBe(0);
    const checked = await runCommand(DeviceCheck, ['board', '-b', 'tflite_cpu', '--seconds', '1'], project.folder);
    expect(checked.exitCode, checked.stdout + checked.stderr).toBe(0);
    expect(checked.stdout).toMatch(/^ok +connection: ssh:\/\/.* answers$/m);
    expect(checked.stdout).toMatch(/^ok +tflite_cpu: TensorFlow Lite 2\.9\.0, 1 thread, pinned to CPU \d+$/m);
    expect(checked.stdout).toMatch(/^\w+ +Noise \(tflite_cpu\): quiet /m);

    await createSmall('ws', 'board');
    expect(await readFile(project.path('ws', 'configs', 'backend_config.yaml'), 'utf8')).toMatch(/^DEVICE: board$/m);
    const connected = await runCommand(Connect, ['-w', 'ws'], project.folder);
    expect(connected.exitCode, connected.stderr).toBe(0);
    expect(connected.stdout).toMatch(/^process +a separate one on the device$/m);
    expect(connected.stdout).toMatch(/^C library +glibc /m);
    expect(connected.stdout).toMatch(/^pinned to +CPU \d+$/m);

    const built = await runCommand(Build, ['-w', 'ws', '--json'], project.folder);
    expect(built.exitCode, built.stderr).toBe(0);
    const file = project.path('ws', 'predictor_build', 'results', 'predictors', 'relu.json');
    expect(built.json()).toMatchObject({ predictors: [{ family: 'relu', file }], failures: [] });
    const { environment } = JSON.parse(await readFile(file, 'utf8'));
    expect(environment).toMatchObject({ isolation: 'device', device: { kind: 'ssh' }, pinned: true, node: process.versions.node });

    expect(await readdir(path.join(board.home, '.cache', 'nnm', 'agents'))).not.toEqual([]);
    const removed = await runCommand(DeviceRemove, ['board'], project.folder);
    expect(removed.stdout).toMatch(/Deleted .*\n.*Forgot board\./);
    expect(existsSync(path.join(board.home, '.cache', 'nnm'))).toBe(false);
    const gone = await runCommand(Connect, ['-w', 'ws'], project.folder);
    expect(gone.stderr).toContain('there is no device "board"');
  });
});

if (netemMissing !== undefined) console.warn(`skipped: packets are not lost by the kernel: ${netemMissing}`);

describe.skipIf(sshdMissing !== undefined)(`over a slow network${why}`, () => {
  test('no time of the network is in a record', async () => {
    await using board = await startLocalBoard();
    await using slow = await startSlowPort(board.port);
    await writeFile(board.config, `${await readFile(board.config, 'utf8')}HostKeyAlias [127.0.0.1]:${board.port}\n`);
    await expectNoNetwork(board, board.address.replace(/\d+$/, String(slow.port)));
  });

  test.skipIf(netemMissing !== undefined)(
    `nor where the kernel delays and loses packets${netemMissing === undefined ? '' : ` (${netemMissing})`}`,
    async () => {
      await using board = await startFarBoard();
      await expectNoNetwork(board, board.address);
    },
  );

  async function expectNoNetwork(board: LocalBoard, address: string): Promise<void> {
    const [far, near] = [`far-${board.port}`, `near-${board.port}`];
    await createSmall(far, `ssh://${address}`);
    const config = project.path(far, 'configs', 'backend_config.yaml');
    await writeFile(config, `${await readFile(config, 'utf8')}\nSSH_CONFIG: ${board.config}\n`);
    await createSmall(near, 'here');
    for (const name of [far, near]) {
      const built = await runCommand(Build, ['-w', name, '--json'], project.folder);
      expect(built.exitCode, built.stdout + built.stderr).toBe(0);
    }
    const [there, here] = [await recordsOf(far), await recordsOf(near)];
    // A record that is revised stands there twice.
    const idsOf = (records: typeof here) => [...new Set(records.map(({ id }) => id))].sort();
    expect(idsOf(there)).toEqual(idsOf(here));
    const always = ['status', 'id', 'hash', 'stats', 'flags', 'slowdown'];
    for (const record of [...there, ...here]) expect(Object.keys(record)).toEqual(expect.arrayContaining(always));
    // A message takes 60 ms each way: no label with any of it in would be shorter than this.
    for (const { stats } of there) expect(stats?.minMs).toBeLessThan(40);
  }
});
