import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import Build from '../packages/cli/src/commands/build.ts';
import Create from '../packages/cli/src/commands/create.ts';
import Kernels from '../packages/cli/src/commands/kernels.ts';
import Predict from '../packages/cli/src/commands/predict.ts';
import { runCommand } from '../packages/cli/test/run-command.ts';
import { editFile } from '../packages/cli/test/simulated-workspace.ts';
import { documentedFiles, writeFiles } from './documented-code.ts';

// Somebody who has read the guides and nothing else: a kernel with a sampler of its own and a regressor, from a config file to a prediction.

const root = fileURLToPath(new URL('..', import.meta.url));
const simulated = join(root, 'packages', 'cli', 'test', 'simulated-plugin.mjs');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(root, '.documented-code-')); // inside the repository, where @nnm/core is found
  const files = { ...(await documentedFiles('custom-kernels.md')), ...(await documentedFiles('custom-regressors.md')) };
  await writeFiles(folder, { ...files, 'package.json': '{ "type": "module" }\n' });
  await writeFile(join(folder, 'nnm.config.json'), JSON.stringify({ builtins: false, plugins: [simulated, './stem.ts', './nearest.ts'] }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('lists the kernel as the guide says', async () => {
  const { stdout, exitCode } = await runCommand(Kernels, ['stem'], folder);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/features +HW COUT FLOPS BYTES/);
});

it('builds it with the regressor that the configuration names, and predicts', async () => {
  const created = await runCommand(Create, ['ws', '--backend', 'simulated', '--kernels', 'stem', '--samples', '40'], folder);
  expect([created.exitCode, created.stderr]).toEqual([0, '']);
  const config = join(folder, 'ws', 'configs', 'predictorbuild_config.yaml');
  const yaml = (await readFile(join(root, 'docs', 'custom-regressors.md'), 'utf8')).match(/^ {4}TRAINING:\n(?: {6}.*\n)+/m)?.[0];
  await editFile(config, (text) => text.replace(/ITERATION: \d+/, 'ITERATION: 2') + yaml);
  const built = await runCommand(Build, ['-w', 'ws', '--json'], folder);
  expect(built.json()).toMatchObject({ predictors: [{ family: 'stem' }], failures: [] });
  const predicted = await runCommand(Predict, ['stem', '-c', 'HW=224,COUT=32', '-w', 'ws', '--json'], folder);
  expect(predicted.json()).toMatchObject({ kernel: 'stem', predictions: [{ latencyMs: expect.any(Number) }] });
  const file = join(folder, 'ws', 'predictor_build', 'results', 'predictors', 'stem.json');
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ regressor: { id: 'nearest' } });
  const wrong = await runCommand(Predict, ['stem', '-c', 'HW=224,COUT=32.5', '-w', 'ws'], folder);
  expect([wrong.exitCode, wrong.stderr]).toEqual([1, expect.stringContaining('COUT must be an integer from 8 to 128')]);
});

it('is told which method of the sampler gave what', async () => {
  const other = join(folder, 'other');
  const code = (await readFile(join(folder, 'stem.ts'), 'utf8')).replace(
    '.slice(0, sampleNum);\n  }\n\n  /** Around',
    '.slice(0, sampleNum).map((one) => ({ ...one, COUT: one.COUT + 0.5 }));\n  }\n\n  /** Around',
  );
  await writeFiles(other, { 'stem.ts': code, 'package.json': '{ "type": "module" }\n' });
  await writeFile(join(other, 'nnm.config.json'), JSON.stringify({ builtins: false, plugins: [simulated, './stem.ts'] }));
  const created = await runCommand(Create, ['ws', '--backend', 'simulated', '--kernels', 'stem', '--samples', '40'], other);
  expect(created.exitCode).toBe(0);
  const { exitCode, stderr, stdout } = await runCommand(Build, ['-w', 'ws'], other);
  expect(exitCode).toBe(1);
  expect(stdout + stderr).toMatch(
    /The sampler of stem gave 20 wrong configurations of 20 from priorConfigSampling: \[0\] COUT must be an integer/,
  );
});
