import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { makeTempProject } from '../../test/temp-project.ts';
import Create from './create.ts';

const torchOnly = fileURLToPath(new URL('../../test/torch-only-plugin.mjs', import.meta.url));

async function create(files: Record<string, string | object>, ...argv: string[]) {
  const project = await makeTempProject({ 'nnm.config.json': {}, ...files });
  const outcome = await runCommand(Create, ['ws', ...argv], project.folder);
  return { ...outcome, project };
}
const kernelsOf = (json: unknown) => (json as { kernels: readonly string[] }).kernels;

test('a new workspace lists the 16 kernels of nn-Meter, in its order', async () => {
  const { json, project } = await create({}, '--backend', 'tflite_cpu', '--json');
  expect(kernelsOf(json())).toEqual(
    'conv-bn-relu dwconv-bn-relu maxpool avgpool fc concat split channelshuffle se global-avgpool bnrelu bn hswish relu addrelu add'.split(
      ' ',
    ),
  );
  const config = await readFile(project.path('ws', 'configs', 'predictorbuild_config.yaml'), 'utf8');
  expect(config.match(/^ {2}[a-z-]+:$/gm)).toHaveLength(16);
  expect(config).toMatch(/^# .*tflite_cpu runs tensorflow\.\nIMPLEMENT: tensorflow$/m);
  await project[Symbol.asyncDispose]();
});

test('--kernels all lists every kernel that is made for the framework', async () => {
  const { json, project } = await create({}, '--backend', 'tflite_cpu', '--kernels', 'all', '--json');
  const all = kernelsOf(json());
  expect(all.length).toBeGreaterThanOrEqual(29);
  expect(all).toEqual(expect.arrayContaining(['conv-block', 'dwconv-bn-hswish']));
  await project[Symbol.asyncDispose]();
});

test("a kernel of the user's own is listed where its framework is the workspace's, and refused by name elsewhere", async () => {
  const files = { 'nnm.config.json': { plugins: [torchOnly] } };
  const torch = await create(files, '--backend', 'torch_cpu', '--json');
  expect(kernelsOf(torch.json()).slice(-2)).toEqual(['add', 'mykernel_torch']);
  const tensorflow = await create(files, '--backend', 'tflite_cpu', '--json');
  expect(kernelsOf(tensorflow.json())).not.toContain('mykernel_torch');
  const named = await create(files, '--backend', 'tflite_cpu', '--kernels', 'relu,mykernel_torch');
  expect(named.exitCode).toBe(1);
  expect(named.stderr).toMatch(/IMPLEMENT is tensorflow, but mykernel_torch is made for torch\. \[ERR_IMPLEMENT_MISMATCH\]/);
  for (const { project } of [torch, tensorflow, named]) await project[Symbol.asyncDispose]();
});
