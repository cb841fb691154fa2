import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { browserMissing, CHROMIUM, SOFTWARE_GPU } from '../../../device-browser/src/__fixtures__/debian-browsers.ts';
import { runCommand } from '../../test/run-command.ts';
import { editFile } from '../../test/simulated-workspace.ts';
import { makeTempProject, type TempProject } from '../../test/temp-project.ts';
import Build from './build.ts';
import Create from './create.ts';
import Predict from './predict.ts';

/** Where Debian's chromium-common has SwiftShader, a GPU in software, and the loader of Vulkan. */
const VULKAN_FOLDER = '/usr/lib/chromium';
const VULKAN_DRIVER = path.join(VULKAN_FOLDER, 'vk_swiftshader_icd.json');
const noChromium = browserMissing === undefined ? '' : ` (${browserMissing})`;
const noVulkan = existsSync(VULKAN_DRIVER) ? '' : ` (${VULKAN_DRIVER} is missing; \`npm run test:debian\` installs it)`;
for (const why of new Set([noChromium, noVulkan])) if (why !== '') console.warn(`skipped: predictors are not built there${why}`);

const layersKernel = fileURLToPath(new URL('../../../../examples/kernel-layers-api/src/index.ts', import.meta.url));

let project: TempProject;
beforeEach(async () => {
  project = await makeTempProject({ 'nnm.config.json': { plugins: [layersKernel] } });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await project[Symbol.asyncDispose]();
});

/**
 * Sample, convert, profile, train and predict with a dozen small configurations of a kernel: that it works, not that it is exact.
 *
 * @returns the predictor's file as JSON, and what the build said
 */
async function buildTiny(backend: string, kernel: string, config: string, { settings = '', flags = [] as readonly string[] } = {}) {
  const created = await runCommand(Create, ['ws', '-b', backend, '-k', kernel, '--samples', '12'], project.folder);
  expect(created.exitCode, created.stderr).toBe(0);
  await editFile(project.path('ws', 'configs', 'backend_config.yaml'), (text) => `${text}\n${settings}\n`);
  await editFile(project.path('ws', 'configs', 'predictorbuild_config.yaml'), (text) =>
    text
      .replace(/ITERATION: \d+/, 'ITERATION: 1')
      .replace(/HOLDOUT_SAMPLE_NUM: \d+/, 'HOLDOUT_SAMPLE_NUM: 4\n    MAX_FLOPS: 4000000\n    MAX_BYTES: 400000'),
  );
  const built = await runCommand(Build, ['-w', 'ws', '--json', '--budget', '20s', ...flags], project.folder);
  expect(built.exitCode, built.stdout + built.stderr).toBe(0);
  expect(built.json()).toMatchObject({ predictors: [{ family: kernel }], failures: [] });
  const predicted = await runCommand(Predict, [kernel, '-w', 'ws', '-c', config, '--json', '--no-check'], project.folder);
  expect(predicted.exitCode, predicted.stderr).toBe(0);
  const { predictions } = predicted.json() as { predictions: readonly { latencyMs: number }[] };
  expect(predictions[0]!.latencyMs).toBeGreaterThan(0);
  const { environment } = JSON.parse(
    await readFile(project.path('ws', 'predictor_build', 'results', 'predictors', `${kernel}.json`), 'utf8'),
  ) as { environment: { runtime: { options: object }; device?: object } };
  return { environment, said: built.stderr };
}

describe('a kernel that is written with layers goes all the way to a predictor', () => {
  const build = (backend: string, more = {}) => buildTiny(backend, 'separable-gate', 'HW=14,CIN=16,KERNEL_SIZE=3', more);

  it.each(['tflite_cpu', 'tfjs_wasm'])('on %s', async (backend) => {
    expect((await build(backend)).environment).not.toHaveProperty('device');
  });

  it.skipIf(noChromium !== '')(`on tfjs_wasm in Chromium${noChromium}`, async () => {
    const { environment } = await build('tfjs_wasm', { flags: ['--device', 'browser'] });
    expect(environment).toMatchObject({ device: { kind: 'browser', name: 'Chromium' }, runtime: { options: { backend: 'wasm' } } });
  });
});

describe('a GPU made of software takes a kernel all the way to a predictor', () => {
  const config = 'HW=14,CIN=16';

  it.skipIf(noVulkan !== '')(`ort_webgpu in Node${noVulkan}`, async () => {
    vi.stubEnv('LD_LIBRARY_PATH', VULKAN_FOLDER);
    vi.stubEnv('VK_ICD_FILENAMES', VULKAN_DRIVER);
    const { environment } = await buildTiny('ort_webgpu', 'relu', config);
    expect(environment.runtime.options).toMatchObject({ provider: 'webgpu', software: true });
  });

  it.skipIf(noChromium !== '')(`litert_webgpu in Chromium${noChromium}`, async () => {
    const settings = `BROWSER: ${CHROMIUM}\nBROWSER_ARGS: ${JSON.stringify(SOFTWARE_GPU)}`;
    const { environment } = await buildTiny('litert_webgpu', 'relu', config, { settings });
    expect(environment).toMatchObject({ device: { kind: 'browser' }, runtime: { options: { delegate: 'webgpu', software: true } } });
  });
});
