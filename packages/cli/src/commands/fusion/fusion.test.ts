import { readFile } from 'node:fs/promises';
import { parseFusionRules } from '@nnm/model';
import { expect, it } from 'vitest';
import { runCommand } from '../../../test/run-command.ts';
import { editFile, makeSimulatedProject, makeSimulatedWorkspace } from '../../../test/simulated-workspace.ts';
import { makeTempProject } from '../../../test/temp-project.ts';
import FusionCases from './cases.ts';
import FusionDetect from './detect.ts';

const PLUGIN = `export default { name: 'my-cases', apiVersion: 1, fusionCases: [{ id: 'my-case', group: 'mine', description: 'a case of my own', build: () => ({}) }] };`;

it('lists the cases, those of plugins among them', async () => {
  await using project = await makeTempProject({
    'my-cases.mjs': PLUGIN,
    'nnm.config.json': JSON.stringify({ plugins: ['./my-cases.mjs'] }),
  });
  const { stdout, exitCode } = await runCommand(FusionCases, [], project.folder);
  expect(exitCode).toBe(0);
  for (const text of ['conv2d+relu', 'multiple-outbound', 'ready-tensor', 'a case of my own', 'my-cases']) expect(stdout).toContain(text);
});

it.each(['tflite_cpu', 'torch_cpu'])('measures cases on %s and writes rules', async (backend) => {
  await using project = await makeTempProject({});
  const argv = ['--backend', backend, '--pairs', 'conv2d+relu,conv2d+prelu', '--output', 'rules.json'];
  const result = await runCommand(FusionDetect, [...argv, '--json'], project.folder);
  const { cases } = result.json() as { cases: readonly { id: string; verdict: string }[] };
  expect(cases.map(({ id }) => id)).toEqual(['conv2d+relu', 'conv2d+prelu']);
  for (const { verdict } of cases) expect(['one', 'separate', 'undecided']).toContain(verdict);
  const rules = parseFusionRules(JSON.parse(await readFile(project.path('rules.json'), 'utf8')));
  expect(rules).toMatchObject({ backend, layout: 'measured' });
  expect((await runCommand(FusionDetect, argv, project.folder)).stderr).toContain('is already there');
});

it('suggests a case for one that is not there', async () => {
  await using project = await makeTempProject({});
  const { stderr } = await runCommand(FusionDetect, ['--backend', 'tflite_cpu', '--pairs', 'conv2d+rleu'], project.folder);
  expect(stderr).toContain('conv2d+relu');
});

it('a case that cannot be built is named, and costs the others nothing', async () => {
  await using project = await makeSimulatedProject({ 'my-cases.mjs': PLUGIN });
  await editFile(project.path('nnm.config.json'), (text) => text.replace('"plugins":[', '"plugins":["./my-cases.mjs",'));
  const argv = ['--backend', 'simulated', '--pairs', 'my-case,add+relu', '--json'];
  const { json, stderr } = await runCommand(FusionDetect, argv, project.folder);
  expect(stderr).not.toContain('Error');
  const { cases } = json() as { cases: readonly { verdict: string; error?: string }[] };
  expect(cases[0]).toMatchObject({ verdict: 'failed', error: expect.stringContaining('it cannot be built: ') });
  expect(cases[1]).not.toHaveProperty('error');
});

it('rules of a backend that nnm has none for are those of the workspace, and its models are taken apart by them', async () => {
  await using project = await makeSimulatedWorkspace();
  const detect = () => runCommand(FusionDetect, ['-w', 'ws', '--pairs', 'conv2d+relu'], project.folder);
  const { stdout, stderr, exitCode } = await detect();
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toMatch(/1 rule in ws\Wpredictor_build\Wnetworks\Wfusion-rules\.json\nModels are predicted by them from now on/);
  const file = project.path('ws', 'predictor_build', 'networks', 'fusion-rules.json');
  expect(parseFusionRules(JSON.parse(await readFile(file, 'utf8')))).toMatchObject({
    backend: 'simulated',
    chains: [{ name: 'conv2d+relu' }],
  });
  expect((await detect()).exitCode).toBe(0);
});
