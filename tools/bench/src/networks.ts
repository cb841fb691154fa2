import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import tflite from '@nnm/backend-tflite';
import torch from '@nnm/backend-torch';
import { createRegistry, type Json } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { type Bundle, CALIBRATION_FORMS, type CalibrationForm, serialiseBundle } from '@nnm/model';
import { defineBench, type Figures, listOf } from './bench.ts';
import { benchBundles } from './networks/bench-bundles.ts';
import { fileModels, variantModels, zooModels } from './networks/bench-models.ts';
import { calibrate, type GradedModel, gradeModels, type Summary, summarise } from './networks/grade-models.ts';
import { measureModels } from './networks/measure-models.ts';
import { openRuntime } from './open-runtime.ts';
import { formatCells } from './report.ts';

export default defineBench({
  question: 'How far off are predictions of whole networks? Carries on where it stopped.',
  options: {
    backend: { default: 'tflite_cpu', help: 'tflite_cpu or torch_cpu' },
    workspaces: { default: 'bench-results/accuracy', help: 'folder of `npm run bench -- accuracy`: what predictors are trained on' },
    folder: { default: 'bench-results/networks', help: 'folder of predictors, journal and results' },
    models: { help: 'model files and folders of them, separated by commas; those of published packages by default, `-` for none' },
    networks: { help: 'networks of the zoo besides those of the calibration, separated by commas; all by default, `-` for none' },
    parts: { default: 'all', help: '`calibration`: of other models only the whole is measured, and kernels have no errors of their own' },
    variants: { default: '0', help: 'networks at other sizes, measured as wholes' },
    'most-mb': { default: '200', help: 'networks with more megabytes of weights are left out' },
    minutes: { default: '12', help: 'wall-clock minutes of measuring; what is measured by then counts' },
    'train-only': { default: '0', help: '1: train the predictors and stop' },
  },
  async run(options) {
    const registry = createRegistry([kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer, tflite, torch]);
    const folder = path.resolve(options.folder);
    mkdirSync(folder, { recursive: true });
    const backend = registry.backend(options.backend);
    const trained = await benchBundles(backend.id, options.workspaces, folder, registry);
    const bundles = { ...trained, own: await withLayoutHere(trained.own) };
    if (options['train-only'] === '1') return { backend: backend.id, families: [...bundles.own.predictors.keys()] };
    const mostMb = Number(options['most-mb']);
    const files = options.models === '-' ? { models: [], leftOut: [] } : await fileModels(backend, listOf(options.models));
    const started = performance.now();
    const { models: measured, reorders } = await measureModels(
      [
        ...zooModels(backend, mostMb, listOf(options.networks)),
        ...files.models,
        ...variantModels(backend, Number(options.variants), mostMb),
      ],
      {
        backend,
        registry,
        bundle: bundles.own,
        allParts: options.parts === 'all',
        journalFile: path.join(folder, `${backend.id}.jsonl`),
        timeLeftMs: () => 60_000 * Number(options.minutes) - (performance.now() - started),
      },
    );
    const calibration = calibrate(measured, bundles.own, reorders);
    await writeFile(path.join(folder, `${backend.id}-calibrated.nnm.json`), serialiseBundle({ ...bundles.own, calibration }));
    const graded = gradeModels(measured, bundles, calibration, registry);
    await writeFile(
      path.join(folder, `${backend.id}.json`),
      `${JSON.stringify({ calibration, graded, leftOut: files.leftOut }, null, 1)}\n`,
    );
    console.log(modelTable(graded));
    for (const { name, reason } of files.leftOut) console.log(`left out: ${name}: ${reason}`);
    const { networks, ...facts } = calibration;
    console.log(
      `\nCalibrated with ${networks.map(({ name, predictedError = Number.NaN }) => `${name} (${percent(predictedError)})`).join(', ')}.`,
    );
    const forms = CALIBRATION_FORMS.map((form) => {
      const alone = calibrate(measured, bundles.own, reorders, [form]);
      return { form, calibration: alone, summaries: allSummaries(gradeModels(measured, bundles, alone, registry)) };
    });
    console.log(`\n${formTable(forms)}`);
    const summaries = allSummaries(graded);
    console.log(`\n${summaryTable(summaries)}`);
    return { backend: backend.id, calibration: { ...facts, environment: undefined }, leftOut: files.leftOut.length, summaries } as Figures;
  },
});

/** A bundle with the layout that the runtime has here: what was measured before runtimes said it has none. */
async function withLayoutHere(bundle: Bundle): Promise<Bundle> {
  const { runtime } = await openRuntime(bundle.backend);
  await runtime.close();
  const { layout } = runtime.info;
  const environment = bundle.environment as { readonly runtime?: object } | null;
  if (environment?.runtime === undefined || layout === undefined) return bundle;
  return { ...bundle, environment: { ...environment, runtime: { ...environment.runtime, layout } } as Json };
}

function allSummaries(graded: readonly GradedModel[]): Readonly<Record<string, Summary>> {
  // A flagged measurement grades nothing.
  const graders = graded.filter(({ flags }) => flags.length === 0);
  const tested = graders.filter(({ role, isLowerBound }) => role !== 'variant' && !isLowerBound);
  const of = (role: GradedModel['role']) => tested.filter((model) => model.role === role);
  const variants = graders.filter(({ role }) => role === 'variant');
  return {
    nnm: summarise(tested, ({ error }) => error),
    ...(of('zoo').length > 0 && { 'nnm, zoo': summarise(of('zoo'), ({ error }) => error) }),
    ...(of('file').length > 0 && { 'nnm, files': summarise(of('file'), ({ error }) => error) }),
    ...(variants.length > 0 && { 'nnm, variants': summarise(variants, ({ error }) => error) }),
    'measured kernels, calibrated': summarise(tested, ({ measuredKernelsError }) => measuredKernelsError),
    'FLOPs fit': summarise(tested, ({ flopsError }) => flopsError),
    'FLOPs and bytes fit': summarise(tested, ({ flopsBytesError }) => flopsBytesError),
    'the original': summarise(tested, ({ originalError }) => originalError),
  };
}

function percent(share: number | undefined): string {
  return share === undefined || Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)} %`;
}

function modelTable(graded: readonly GradedModel[]): string {
  const titles = [
    'model',
    'measured',
    'nnm',
    'off by',
    '80 %',
    '95 %',
    'kernels RMSPE',
    'their median',
    'measured kernels',
    'FLOPs',
    '+ bytes',
    'original',
    'predicted',
    'with doubts',
    'estimated',
    '',
  ];
  return formatCells([
    titles,
    ...graded.map((model) => [
      model.name,
      `${model.measuredMs.toPrecision(4)} ms`,
      `${model.isLowerBound ? '> ' : ''}${model.totalMs.toPrecision(4)} ms`,
      percent(model.error),
      model.in80 ? 'yes' : 'no',
      model.in95 ? 'yes' : 'no',
      percent(model.kernelRmspe),
      percent(model.kernelMedian),
      percent(model.measuredKernelsError),
      percent(model.flopsError),
      percent(model.flopsBytesError),
      percent(model.originalError),
      percent(model.shares.predictor),
      percent(model.shares.doubted),
      percent(model.shares.estimate),
      model.flags.join(' '),
    ]),
  ]);
}

/** A form that calibrations have, and what networks are off by when it is the only one. */
interface TriedForm {
  readonly form: CalibrationForm;
  readonly calibration: NonNullable<Bundle['calibration']>;
  readonly summaries: Readonly<Record<string, Summary>>;
}

function formTable(forms: readonly TriedForm[]): string {
  return formatCells([
    ['calibration', 'left out', 'kernels as measured', 'zoo', 'files', 'terms'],
    ...forms.map(({ form, calibration: { compositionError, terms }, summaries }) => {
      const rmspeOf = (name: string): string => percent(summaries[name]?.rmspe);
      const cache = form.cacheBytes === undefined ? '' : `, ${form.cacheBytes / 2 ** 20} MB of cache`;
      const found = form.terms.map((term) => `${term} ${(terms[term] ?? 0).toPrecision(3)}`);
      const errors = [percent(compositionError), ...['measured kernels, calibrated', 'nnm, zoo', 'nnm, files'].map(rmspeOf)];
      return [`${form.terms.join(' + ')}${cache}`, ...errors, found.join(', ')];
    }),
  ]);
}

function summaryTable(summaries: Readonly<Record<string, Summary>>): string {
  return formatCells([
    ['models above 0.1 ms', 'models', 'RMSPE', '±5 %', '±10 %', 'in 80 %', 'in 95 %'],
    ...Object.entries(summaries).map(([name, { models, rmspe, acc5, acc10, in80, in95 }]) => {
      const ranges = name.startsWith('nnm') ? [percent(in80), percent(in95)] : ['-', '-'];
      return [name, String(models), percent(rmspe), percent(acc5), percent(acc10), ...ranges];
    }),
  ]);
}
