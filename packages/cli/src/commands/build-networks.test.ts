import { readFile, writeFile } from 'node:fs/promises';
import tflite from '@nnm/backend-tflite';
import { type AnyBackend, GraphBuilder } from '@nnm/core';
import { builtInRules, type Calibration, parseBundle } from '@nnm/model';
import { calibrationNetworks } from '@nnm/zoo';
import { expect, test } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import Build from './build.ts';
import BundleCommand from './bundle.ts';
import Predict from './predict.ts';

interface Built {
  readonly calibration: { readonly networks: Calibration['networks'] };
}

test('a workspace is calibrated with networks, bundled, and the bundle predicts as the workspace does', async () => {
  await using project = await makeSimulatedWorkspace();
  const early = await runCommand(BundleCommand, ['-w', 'ws', '-o', 'early.nnm.json'], project.folder);
  expect([early.exitCode, early.stderr]).toEqual([1, expect.stringContaining('has no finished predictor')]);

  const build = () => runCommand(Build, ['-w', 'ws', '--networks', '--json'], project.folder);
  const built = await build();
  expect(built.exitCode, built.stderr).toBe(0);
  const { networks } = (built.json() as Built).calibration;
  expect(networks.map(({ name }) => name)).toEqual(calibrationNetworks.map(({ name }) => name));
  // The device starts every operator anew, so that networks take less than the sum of their operators.
  for (const { latencyMs, sumMs } of networks) expect([latencyMs > 0, sumMs > latencyMs]).toEqual([true, true]);
  expect(((await build()).json() as Built).calibration.networks).toEqual(networks);

  const bundled = await runCommand(BundleCommand, ['-w', 'ws', '-o', 'sim.nnm.json'], project.folder);
  expect([bundled.exitCode, bundled.stdout]).toEqual([0, expect.stringContaining('1 predictor of simulated in sim.nnm.json')]);
  const bundle = parseBundle(await readFile(project.path('sim.nnm.json'), 'utf8'), { file: 'sim.nnm.json' });
  expect([[...bundle.predictors.keys()], bundle.calibration?.networks.length]).toEqual([['toy'], calibrationNetworks.length]);

  const g = new GraphBuilder('net');
  const convolved = g.activation(g.conv2d(g.input([1, 28, 28, 64]), 64, { kernelSize: 1 }), 'relu');
  const [backend] = tflite.backends as readonly [AnyBackend];
  await writeFile(project.path('net.tflite'), await backend.convert(g.build(g.globalAvgPool(convolved)), 'tensorflow'));
  const totalBy = async (...predictor: readonly string[]): Promise<unknown> => {
    const { json, exitCode, stderr } = await runCommand(Predict, ['net.tflite', ...predictor, '--json'], project.folder);
    expect(exitCode, stderr).toBe(0);
    return (json() as { models: readonly { answers: readonly { prediction: { total: unknown } }[] }[] }).models[0]?.answers[0]?.prediction
      .total;
  };
  const total = await totalBy('-p', 'sim.nnm.json');
  expect(total).toEqual(await totalBy('-w', 'ws'));
  expect(total).toMatchObject({ isLowerBound: false });

  const kernelsOf = async (): Promise<readonly string[]> => {
    const { json } = await runCommand(Predict, ['net.tflite', '-w', 'ws', '--json'], project.folder);
    const { models } = json() as { models: readonly { answers: readonly { prediction: { kernels: readonly { name: string }[] } }[] }[] };
    return models[0]!.answers[0]!.prediction.kernels.map(({ name }) => name);
  };
  expect(await kernelsOf()).toEqual(['toy', 'globalAvgPool']);
  const chain = { name: 'convolution', steps: [{ ops: ['conv2d'] }, { ops: ['activation'] }, { ops: ['globalAvgPool'] }] };
  const [rules] = builtInRules('simulated');
  const file = project.path('ws', 'predictor_build', 'networks', 'fusion-rules.json');
  await writeFile(file, JSON.stringify({ ...rules, runtime: 'simulated', chains: [chain] }));
  expect(await kernelsOf()).toEqual(['conv2d+relu+globalAvgPool']);
});
