import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADB, adbMissing, TestAdbServer } from '../../../device-adb/src/__fixtures__/debian-adb.ts';
import { PhoneEmulator } from '../../../device-adb/src/__fixtures__/phone-emulator.ts';
import { smallNetwork, tfliteFile } from '../../test/network-files.ts';
import { runCommand } from '../../test/run-command.ts';
import { makeTempProject, type TempProject } from '../../test/temp-project.ts';
import Build from './build.ts';
import Connect from './connect.ts';
import Create from './create.ts';
import Predict from './predict.ts';

const why = adbMissing === undefined ? '' : ` (${adbMissing})`;
if (adbMissing !== undefined) console.warn(`skipped: nothing is built over adb${why}`);

describe.skipIf(adbMissing !== undefined)(`DEVICE: adb, with TensorFlow Lite on an emulated phone${why}`, () => {
  const server = new TestAdbServer();
  const phone = new PhoneEmulator();
  let project: TempProject;
  let tool: string;
  let bundle: string;

  beforeAll(async () => {
    project = await makeTempProject({});
    // It lies where it finds the native library.
    const cache = fileURLToPath(new URL('../../../../node_modules/.cache/', import.meta.url));
    await mkdir(cache, { recursive: true });
    bundle = await mkdtemp(join(cache, 'nnm-benchmark-model-'));
    await build({
      entryPoints: [fileURLToPath(new URL('../../test/benchmark-model.ts', import.meta.url))],
      outfile: join(bundle, 'benchmark-model.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      conditions: ['@nnm/source'],
      external: ['koffi'],
      logLevel: 'silent',
    });
    tool = project.path('benchmark_model');
    await writeFile(tool, `#!/bin/sh\nexec '${process.execPath}' '${join(bundle, 'benchmark-model.mjs')}' "$@"\n`);
    await chmod(tool, 0o755);
    await server.start();
    await phone.start();
    await server.plug(phone);
  });
  afterAll(async () => {
    server.stop();
    await phone.stop();
    await rm(bundle, { recursive: true, force: true });
    await project[Symbol.asyncDispose]();
  });

  test('goes all the way from nothing to a prediction', async () => {
    const created = await runCommand(Create, ['ws', '-b', 'tflite_cpu', '-k', 'conv-bn-relu', '--samples', '10'], project.folder);
    expect(created.exitCode, created.stderr).toBe(0);
    const settings = project.path('ws', 'configs', 'backend_config.yaml');
    const text = (await readFile(settings, 'utf8')).replace(/^DEVICE: .*$/m, 'DEVICE: adb');
    await writeFile(
      settings,
      `${text.trimEnd()}\nDEVICE_SERIAL: ${phone.serial}\nBENCHMARK_MODEL_FILE: ${tool}\nADB_PATH: ${ADB}\nKERNEL_PATH:\n`,
    );
    const config = project.path('ws', 'configs', 'predictorbuild_config.yaml');
    const small = (await readFile(config, 'utf8'))
      .replace(/ITERATION: \d+/, 'ITERATION: 1')
      .replace(/HOLDOUT_SAMPLE_NUM: \d+/, 'HOLDOUT_SAMPLE_NUM: 0');
    await writeFile(config, small.replace(/^( *)INIT_SAMPLE_NUM/m, '$1MAX_FLOPS: 20000000\n$1INIT_SAMPLE_NUM'));

    const connected = await runCommand(Connect, ['-w', 'ws'], project.folder);
    expect(connected.exitCode, connected.stderr).toBe(0);
    expect(connected.stdout).toMatch(/^phone +Google Pixel Test$/m);
    expect(connected.stdout).toMatch(/Connected:.* the reference kernel ran; outputs are not to be had there\./);

    const built = await runCommand(Build, ['-w', 'ws', '--json'], project.folder);
    expect(built.exitCode, built.stderr).toBe(0);
    const file = project.path('ws', 'predictor_build', 'results', 'predictors', 'conv.json');
    expect(built.json()).toMatchObject({ predictors: [{ file }], failures: [] });
    const { environment } = JSON.parse(await readFile(file, 'utf8'));
    expect(environment).toMatchObject({
      platform: 'android',
      device: { kind: 'adb', name: 'Google Pixel Test' },
      runtime: { options: { statistic: 'median' } },
    });

    const query = ['conv-bn-relu', '-w', 'ws', '-c', 'HW=28,CIN=16,COUT=16,KERNEL_SIZE=3,STRIDES=1', '--json'];
    const predicted = await runCommand(Predict, query, project.folder);
    expect(predicted.exitCode, predicted.stderr).toBe(0);

    await writeFile(project.path('net.tflite'), await tfliteFile(smallNetwork()));
    const asked = ['net.tflite', '-p', 'ws', '--operators', '--json'];
    const { models } = (await runCommand(Predict, asked, project.folder)).json() as {
      models: { answers: { operators: { operators: string[]; kernels: string[]; latencyMs: number }[] }[] }[];
    };
    const [convolution] = models[0]!.answers[0]!.operators;
    expect(convolution).toMatchObject({ operators: ['CONV_2D'], kernels: [expect.stringMatching(/conv/)] });
    expect(convolution!.latencyMs).toBeGreaterThan(0);
    expect(phone.list('/data/local/tmp')).toEqual([]);
  });

  test('is refused for what a phone does not run', async () => {
    const torch = await runCommand(Connect, ['-b', 'torch_cpu', '--device', 'adb'], project.folder);
    expect(torch.stderr).toMatch(/DEVICE is adb: torch_cpu makes no models for TensorFlow Lite's benchmark_model/);
  });
});
