import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { makeTempProject, type TempProject } from '../../test/temp-project.ts';
import Build from './build.ts';
import Connect from './connect.ts';
import Create from './create.ts';
import Doctor from './doctor.ts';
import Predict from './predict.ts';

const CHROMIUM = '/usr/bin/chromium';
const isMissing = !existsSync(CHROMIUM);
const why = isMissing ? ` (${CHROMIUM} is missing; \`npm run test:debian\` installs it)` : '';
if (isMissing) console.warn(`skipped: nothing is built in a browser${why}`);

let project: TempProject;
beforeAll(async () => {
  project = await makeTempProject({});
});
afterAll(() => project[Symbol.asyncDispose]());

/** What stands in `configs/backend_config.yaml` besides what `nnm create` has written. */
async function addSettings(text: string): Promise<void> {
  const file = project.path('ws', 'configs', 'backend_config.yaml');
  await writeFile(file, `${(await readFile(file, 'utf8')).trimEnd()}\n${text}\n`);
}

describe.skipIf(isMissing)(`DEVICE: browser, with LiteRT in Debian's Chromium${why}`, () => {
  test('goes all the way from nothing to a prediction', async () => {
    const created = await runCommand(Create, ['ws', '-b', 'litert_wasm', '-k', 'relu', '--samples', '12'], project.folder);
    expect(created.exitCode, created.stderr).toBe(0);
    await addSettings(`DEVICE: browser\nBROWSER: ${CHROMIUM}`);
    const config = project.path('ws', 'configs', 'predictorbuild_config.yaml');
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replace(/ITERATION: \d+/, 'ITERATION: 1').replace(/HOLDOUT_SAMPLE_NUM: \d+/, 'HOLDOUT_SAMPLE_NUM: 10'));

    const connected = await runCommand(Connect, ['-w', 'ws'], project.folder);
    expect(connected.exitCode, connected.stderr).toBe(0);
    expect(connected.stdout).toMatch(/^browser +Chromium \d+\./m);
    expect(connected.stdout).toMatch(/^isolation +cross-origin isolated: fine clock, threads$/m);
    expect(connected.stdout).toMatch(/^clock +steps of [\d.]+ microseconds$/m);

    const built = await runCommand(Build, ['-w', 'ws', '--json'], project.folder);
    expect(built.exitCode, built.stderr).toBe(0);
    const file = project.path('ws', 'predictor_build', 'results', 'predictors', 'relu.json');
    expect(built.json()).toMatchObject({ predictors: [{ family: 'relu', file }], failures: [] });
    const { environment } = JSON.parse(await readFile(file, 'utf8'));
    expect(environment).toMatchObject({ isolation: 'browser', device: { kind: 'browser', name: 'Chromium' } });

    const predicted = await runCommand(Predict, ['relu', '-w', 'ws', '-c', 'HW=28,CIN=64', '--measure', '--json'], project.folder);
    expect(predicted.exitCode, predicted.stderr).toBe(0);
    expect(predicted.stderr).not.toContain('Warning');
  });

  test('nnm doctor says which browser it is', async () => {
    const { stdout, exitCode } = await runCommand(Doctor, ['-w', 'ws', '--seconds', '1'], project.folder);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ok +Device browser: .*; runs .*litert_wasm/m);
  });
});

describe('a device that cannot be', () => {
  test.each([
    ['an unknown one', ['-b', 'litert_wasm', '--device', 'browsr'], /there is no device "browsr"; did you mean "browser"/],
    [
      'one that the backend does not run on',
      ['-b', 'torch_cpu', '--device', 'browser'],
      /DEVICE is browser: torch_cpu does not run in a browser/,
    ],
    ['a network without a browser', ['-b', 'torch_cpu', '--lan'], /DEVICE is here, where LAN says nothing/],
  ])('is one clear error: %s', async (_, argv, message) => {
    const { stderr, exitCode } = await runCommand(Connect, argv, project.folder);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
  });
});
