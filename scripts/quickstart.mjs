// The main job on this machine, with the commands a user would type: create a workspace, measure, train, predict.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const nnm = path.join(root, 'packages', 'cli', 'bin', 'nnm.js');
const workspace = 'quickstart-workspace';

function run(...args) {
  console.log(`\n$ nnm ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [nnm, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const started = performance.now();
if (existsSync(path.join(root, workspace))) {
  console.log(`Going on with the workspace ${workspace}; remove that folder to start over.`);
} else {
  run('create', workspace, '--backend', 'tflite_cpu', '--kernels', 'conv-bn-relu', '--samples', '300');
}
run('connect', '--workspace', workspace);
run('build', '--workspace', workspace, '--budget', '150s');
run(
  'predict',
  'conv-bn-relu',
  '--workspace',
  workspace,
  ...[
    'HW=112,CIN=32,COUT=64,KERNEL_SIZE=3,STRIDES=2',
    'HW=56,CIN=64,COUT=128,KERNEL_SIZE=3,STRIDES=1',
    'HW=14,CIN=512,COUT=256,KERNEL_SIZE=1,STRIDES=1',
  ].flatMap((config) => ['--config', config]),
  '--measure',
);
console.log(`\nDone in ${Math.round((performance.now() - started) / 1000)} s.`);
