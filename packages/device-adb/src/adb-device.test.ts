import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeviceFinding, placeBackend, Rng, runToEnd } from '@nnm/core';
import { openProfilerSession, type ProfileEvent, type ProfileJob, type ProfilerOptions, profileKernels } from '@nnm/profiler';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADB, adbMissing, TestAdbServer } from './__fixtures__/debian-adb.ts';
import type { EmulatorOptions } from './__fixtures__/emulated-phone.ts';
import { PhoneEmulator } from './__fixtures__/phone-emulator.ts';
import { command, ScriptedBackend, writeScriptedTool } from './__fixtures__/scripted-backend.ts';
import { AdbDevice } from './adb-device.ts';
import { adbDeviceKind } from './adb-device-kind.ts';
import { parseAdbSettings } from './settings.ts';

if (adbMissing !== undefined) console.warn(`skipped: no phone is emulated: ${adbMissing}`);

const OWN = '/data/local/tmp/nnm';
const scripted = new ScriptedBackend();

describe.skipIf(adbMissing !== undefined)(`a phone over adb${adbMissing === undefined ? '' : ` (${adbMissing})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'nnm-adb-test-'));
  const tool = join(folder, 'benchmark_model');
  const server = new TestAdbServer();
  const open: { close(): Promise<void> }[] = [];
  const phones: PhoneEmulator[] = [];
  let phone: PhoneEmulator;

  beforeAll(async () => {
    await server.start();
    writeScriptedTool(tool);
  });
  afterAll(() => {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    phone = await plug();
  });
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
    for (const one of phones.splice(0)) await one.stop();
    await server.adb('disconnect');
  });

  async function plug(options: EmulatorOptions = {}, state?: string): Promise<PhoneEmulator> {
    const one = new PhoneEmulator(options);
    phones.push(one);
    await one.start();
    await server.plug(one, state);
    return one;
  }

  function deviceOf(raw: object = {}): AdbDevice {
    const device = new AdbDevice(parseAdbSettings({ BENCHMARK_MODEL_FILE: tool, ADB_PATH: ADB, ...raw }), scripted);
    open.push(device);
    return device;
  }

  async function session(device = deviceOf(), settings: object = {}) {
    const opened = await openProfilerSession({
      backend: placeBackend(scripted, device),
      settings,
      referenceModel: () => command('run 40'),
      levelsFile: false,
    });
    open.push(opened);
    return opened;
  }

  const job = (id: string, text: string): ProfileJob => ({ id, hash: id, model: () => command(text) });
  const run = (
    jobs: readonly ProfileJob[],
    {
      device = deviceOf(),
      policy = {},
      onEvent = () => undefined,
    }: {
      device?: AdbDevice;
      policy?: ProfilerOptions['policy'];
      onEvent?: (event: ProfileEvent) => void;
    } = {},
  ) =>
    runToEnd(
      profileKernels(jobs, {
        backend: placeBackend(scripted, device),
        settings: {},
        referenceModel: () => command('run 40'),
        levelsFile: false,
        rng: new Rng(1),
        policy: { revisitAfterMs: 0, settleShare: 0, ...policy },
      }),
      onEvent,
    );

  it('says what phone it is, and by what it measures', async () => {
    const { info, environment, device, clock, isolation } = await session();
    expect(info).toMatchObject({
      runtime: 'TensorFlow Lite',
      version: expect.stringMatching(/^benchmark_model [0-9a-f]{12}$/),
      threads: 2,
      options: { delegate: 'xnnpack', statistic: 'median', cpus: 'any' },
    });
    expect(environment).toMatchObject({ cpu: 'Tensor Test', platform: 'android', arch: 'arm64-v8a' });
    expect(environment.device).toEqual({ kind: 'adb', name: 'Google Pixel Test', version: '14' });
    expect(device?.details).toMatchObject({ serial: phone.serial, heat: 'status 0 of 6, none' });
    expect(clock).toMatchObject({ resolutionMs: 0.001, runMs: 0.04 });
    expect(isolation).toEqual({ kind: 'device', notPinned: expect.stringContaining('TASKSET is not set') });
  });

  it('measures kernels by their median runs, between probes of the reference', async () => {
    const { records } = await run([job('A', 'run 120'), job('B', 'run 5000')]);
    expect(records).toMatchObject([
      { id: 'A', status: 'ok', flags: [], quietLevelMs: expect.closeTo(0.04, 3), stats: { latencyMs: 0.12, minMs: 0.12, visits: 2 } },
      { id: 'B', status: 'ok', flags: [], stats: { latencyMs: 5, meanMs: 5 } },
    ]);
    const [measured] = phone.commands.filter((text) => text.includes('@nnm begin')).slice(-1);
    expect(measured?.match(/--graph=/g)).toHaveLength(4); // two slices, and a probe after each
    expect(measured).toContain('--num_threads=2');
    expect(measured).not.toContain('taskset');
  });

  it('removes everything of its own, and nothing else', async () => {
    writeFileSync(phone.here('/data/local/tmp/mine.tflite'), 'mine');
    const device = deviceOf();
    await run([job('A', 'run 100')], { device });
    expect(phone.list(OWN).filter((file) => file.endsWith('.tflite'))).toEqual([]);
    await device.close();
    expect(phone.list('/data/local/tmp')).toEqual(['mine.tflite']);
  });

  it('makes a failed record of a model that crashes, is refused or is too much for the memory', async () => {
    const { records } = await run([job('A', 'crash'), job('B', 'refuse'), job('C', 'out-of-memory'), job('D', 'run 100')]);
    expect(records).toMatchObject([
      {
        status: 'failed',
        error: { code: 'ERR_KERNEL_CRASHED', message: 'The device ended benchmark_model by SIGSEGV while measuring the kernel.' },
      },
      {
        status: 'failed',
        error: { message: "benchmark_model failed with exit status 1: Didn't find op for builtin opcode 'NEW_OP' version '1'." },
      },
      { status: 'failed', error: { code: 'ERR_KERNEL_OUT_OF_MEMORY' } },
      { status: 'ok' },
    ]);
  });

  it('ends what hangs, on the phone too', async () => {
    const { records } = await run([job('H', 'hang'), job('A', 'run 100')], { policy: { kernelTimeoutMs: 3000 } });
    expect(records).toMatchObject([{ status: 'failed', error: { code: 'ERR_KERNEL_TIMEOUT' } }, { status: 'ok' }]);
    expect(phone.running).toBe(0);
  });

  it('loses one visit to a phone that is unplugged in the middle of it, and goes on when it is back', async () => {
    const retries: string[] = [];
    const notices: string[] = [];
    let pulled = false;
    const device = deviceOf();
    device.onNotice((text) => {
      notices.push(text);
      void phone.start();
    });
    const { records } = await run([job('A', 'run 100'), job('B', 'run 200')], {
      device,
      onEvent: (event) => {
        if (event.type === 'retry') retries.push(event.reason);
        if (event.type !== 'visit' || pulled) return;
        pulled = true;
        phone.onCommand((text) => {
          if (text.includes('@nnm begin')) void phone.unplugOnce();
        });
      },
    });
    expect(retries).toEqual([expect.stringMatching(/^The device was unplugged or lost its connection .*while measuring the kernel/)]);
    expect(notices).toEqual([expect.stringContaining(`The phone ${phone.serial} is gone: plug it in again`)]);
    expect(records).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
  });

  it('puts everything there again when somebody deletes it in the middle of a run', async () => {
    let isDeleted = false;
    const retries: string[] = [];
    const { records } = await run([job('A', 'run 100'), job('B', 'run 200')], {
      onEvent: (event) => {
        if (event.type === 'retry') retries.push(event.reason);
        if (event.type !== 'visit' || isDeleted) return;
        isDeleted = true;
        rmSync(phone.here(OWN), { recursive: true }); // what `nnm device remove` does
      },
    });
    expect(retries).toEqual([expect.stringMatching(/^The device lost what nnm had put there: somebody deleted it while measuring/)]);
    expect(records).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
  });

  it('gives up on a phone that does not come back', async () => {
    const device = deviceOf({ WAIT_S: 1 });
    const pulled = run([job('A', 'run 100')], { device, onEvent: (event) => void (event.type === 'visit' && phone.unplug()) });
    await expect(pulled).rejects.toMatchObject({ code: 'ERR_DEVICE_UNAVAILABLE', message: expect.stringContaining(phone.serial) });
  });

  it('says that the storage is full', async () => {
    phone.spaceBytes = 10_000;
    const { records } = await run([job('A', `run 100 ${'x'.repeat(20_000)}`), job('B', 'run 100')]);
    expect(records).toMatchObject([
      {
        status: 'failed',
        error: { code: 'ERR_DEVICE_UNAVAILABLE', message: expect.stringContaining(`the storage of the phone ${phone.serial} is full`) },
      },
      { status: 'ok' },
    ]);
  });

  it('tells of heat', async () => {
    phone.setThermal(3);
    const device = deviceOf();
    const opened = await session(device);
    expect(opened.notes.join('\n')).toContain('The phone slows itself down for heat (status 3 of 6, severe)');
    const notices: string[] = [];
    device.onNotice((text) => notices.push(text));
    await run([job('A', 'run 100'), job('B', 'run 200')], {
      device,
      onEvent: (event) => void (event.type === 'visit' && phone.setThermal(4)),
    });
    expect(notices.join('\n')).toContain('status 4 of 6, critical');
  });

  it('is looked at before it measures, and cleaned', async () => {
    const settings = parseAdbSettings({ BENCHMARK_MODEL_FILE: tool, ADB_PATH: ADB, TASKSET: '1' }, phone.serial);
    const findings = async (raw = settings) => {
      const found: DeviceFinding[] = [];
      for await (const finding of adbDeviceKind.check!(raw)) found.push(finding);
      return found;
    };
    expect(await findings()).toEqual([
      { what: 'adb', status: 'ok', text: ADB },
      { what: 'phone', status: 'ok', text: `Google Pixel Test, Android 14, serial ${phone.serial}` },
      { what: 'CPUs', status: 'ok', text: expect.stringContaining('runs stay on the mask 1') },
      { what: 'heat', status: 'ok', text: 'status 0 of 6, none' },
      { what: 'benchmark_model', status: 'ok', text: expect.stringMatching(/SHA-256 [0-9a-f]{12}$/) },
    ]);
    expect(phone.list(OWN)).toEqual([]);
    expect((await findings({ ...settings, serial: 'R5CT10ABCDE' })).at(-1)).toMatchObject({ what: 'phone', status: 'failed' });
    expect(await adbDeviceKind.remove!(settings)).toBe(`Nothing of nnm is on the phone ${phone.serial}.`);
    mkdirSync(phone.here(`${OWN}/left-behind`), { recursive: true });
    expect(await adbDeviceKind.remove!(settings)).toBe(`Deleted ${OWN} of the phone ${phone.serial}.`);
    expect(phone.list('/data/local/tmp')).toEqual([]);
  });

  it.each([
    ['a file, by the flag of 2020', '--profiling_output_csv_file', '2021.csv', 'sequential_11/conv2d_33/Conv2D', 0.0930388],
    ['a file, by the flag of 2024', '--op_profiling_output_file', '2021.csv', 'sequential_11/conv2d_33/Conv2D', 0.0930388],
    ['what it prints', '--no-such-flag', '2018.txt', 'MobilenetV1/MobilenetV1/Conv2d_0/Relu6', 9.132],
  ])('says what each operator takes, from %s', async (_, flag, version, value, latencyMs) => {
    const profiling = join(folder, 'profiling_benchmark_model');
    const profile = readFileSync(new URL(`./__fixtures__/profiles/tensorflow-${version}`, import.meta.url), 'utf8');
    writeScriptedTool(profiling, { profile, flag });
    const opened = await session(deviceOf({ BENCHMARK_MODEL_FILE: profiling }));
    const [first] = await opened.profile(command('run 70'), 7);
    expect(first).toEqual({ operators: ['CONV_2D'], values: [value], latencyMs });
    expect(phone.commands.find((text) => text.includes('--enable_op_profiling=true'))).toContain('--num_runs=7 ');
    expect(phone.list(OWN).filter((file) => /csv$/.test(file))).toEqual([]);
    expect(phone.list(OWN).filter((file) => /tflite$/.test(file))).toHaveLength(1); // the reference
  });

  it('says so when the program gives no profile of operators, or refuses the model', async () => {
    const opened = await session();
    await expect(opened.profile(command('run 70'), 7)).rejects.toMatchObject({ code: 'ERR_NO_PROFILE' });
    await expect(opened.profile(command('refuse'), 7)).rejects.toThrow("Didn't find op for builtin opcode 'NEW_OP'");
  });

  it('hands no outputs on', async () => {
    const opened = await session();
    await expect(opened.execute(command('run 1'), [])).rejects.toMatchObject({ code: 'ERR_NO_OUTPUTS' });
  });

  it('knows a phone of Android 6, whose shell hands no exit statuses on', async () => {
    const old = await plug({ isOld: true });
    const { records } = await run([job('A', 'run 100'), job('B', 'refuse')], { device: deviceOf({ DEVICE_SERIAL: old.serial }) });
    expect(records).toMatchObject([{ status: 'ok', stats: { latencyMs: 0.1 } }, { status: 'failed' }]);
  });

  it('measures by means where the program prints no median, and says so', async () => {
    const old = join(folder, 'old_benchmark_model');
    writeScriptedTool(old, { hasMedian: false });
    const { info, notes } = await session(deviceOf({ BENCHMARK_MODEL_FILE: old }));
    expect(info.options.statistic).toBe('mean');
    expect(notes.join('\n')).toContain('prints no median');
  });

  it('does not take latencies without XNNPACK for latencies with it', async () => {
    const plain = join(folder, 'plain_benchmark_model');
    writeScriptedTool(plain, { xnnpack: false });
    await expect(session(deviceOf({ BENCHMARK_MODEL_FILE: plain }))).rejects.toThrow(/does not say that it uses XNNPACK/);
    expect((await session(deviceOf({ BENCHMARK_MODEL_FILE: plain }), { DELEGATE: 'none' })).info.options.delegate).toBe('none');
    await expect(session(deviceOf(), { DELEGATE: 'none' })).rejects.toThrow(/uses XNNPACK all the same/);
  });

  it('uses the program that lies on the phone, as nn-Meter does', async () => {
    const missing = deviceOf({ BENCHMARK_MODEL_FILE: undefined });
    await expect(session(missing)).rejects.toThrow(`there is no /data/local/tmp/benchmark_model on the phone ${phone.serial}`);
    await server.adb('-s', phone.serial, 'push', tool, '/data/local/tmp/benchmark_model');
    expect((await session(deviceOf({ BENCHMARK_MODEL_FILE: undefined }))).info.version).toMatch(/^benchmark_model/);
  });

  it('keeps to the CPUs of TASKSET, and knows those that the phone does not have', async () => {
    const { isolation } = await session(deviceOf({ TASKSET: '1' }));
    expect(phone.commands.some((text) => /taskset 1 \S*benchmark_model/.test(text))).toBe(true);
    expect(isolation).toEqual({ kind: 'device', cpus: [0] });
    await expect(session(deviceOf({ TASKSET: 'f000000000000000' }))).rejects.toThrow(/names the CPUs 60, 61, 62, 63/);
  });

  describe('that cannot be used is one clear error:', () => {
    const fail = (raw: object = {}) => expect(session(deviceOf(raw))).rejects;

    it('no phone', async () => {
      await server.adb('disconnect');
      await fail().toThrow('The device "adb" cannot be used: no phone is connected.');
    });

    it('two phones and no serial', async () => {
      const other = await plug();
      await fail().toMatchObject({
        message: expect.stringMatching(/2 phones are connected: .*Pixel_Test.*; /),
        hint: expect.stringContaining('DEVICE_SERIAL'),
      });
      await fail({ DEVICE_SERIAL: 'R5CT10ABCDE' }).toThrow(/no phone has the serial R5CT10ABCDE; connected: /);
      expect((await session(deviceOf({ DEVICE_SERIAL: other.serial }))).device?.details.serial).toBe(other.serial);
    });

    it('a phone that has not allowed this machine', async () => {
      const shy = await plug({ auth: 'never' }, 'unauthorized');
      await fail({ DEVICE_SERIAL: shy.serial }).toMatchObject({
        message: expect.stringContaining(`the phone ${shy.serial} has not allowed this machine to use it`),
        hint: expect.stringContaining('Unlock it and accept'),
      });
    });

    it('no adb', async () => {
      await fail({ ADB_PATH: '/no/such/adb' }).toThrow('there is no program /no/such/adb');
    });

    it('a program for another machine', async () => {
      await fail({ BENCHMARK_MODEL_FILE: process.execPath }).toThrow(
        /node is for (x86_64|another architecture|arm64-v8a), and the phone runs|cannot run/,
      );
      const text = join(folder, 'text');
      writeFileSync(text, 'hello');
      await fail({ BENCHMARK_MODEL_FILE: text }).toThrow(`${text} is no program for Android`);
      await fail({ BENCHMARK_MODEL_FILE: join(folder, 'missing') }).toThrow('there is no file');
    });

    it('a folder that cannot be written', async () => {
      writeFileSync(phone.here('/data/local/tmp/file'), '');
      await fail({ REMOTE_MODEL_DIR: '/data/local/tmp/file' }).toMatchObject({
        message: expect.stringMatching(/\/data\/local\/tmp\/file\/nnm\/\w+ on the phone .* cannot be written: .*Not a directory/),
        hint: expect.stringContaining('REMOTE_MODEL_DIR'),
      });
    });
  });

  it('measures on two phones at once, each by its serial', async () => {
    const other = await plug();
    const both = await Promise.all(
      [phone, other].map((one) => run([job('A', 'run 100'), job('B', 'run 300')], { device: deviceOf({ DEVICE_SERIAL: one.serial }) })),
    );
    for (const { records } of both) expect(records).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
    expect(other.commands.length).toBeGreaterThan(0);
  });
});
