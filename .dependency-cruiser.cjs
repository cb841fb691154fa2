/** Arrows point one way: core, then profiler and predictor, then builder, then the CLI; plugins know core alone. */
const runtimes = '(^|node_modules/)(onnxruntime-node|tfjs-tflite-node|koffi|@tensorflow|flatbuffers|protobufjs)';
const outside = '^(node:)?(fs|fs/promises|child_process|net|http|https|os|worker_threads)$';

/** A package that may import only some packages of this repository besides itself. */
const mayImport = (name, allowed, comment) => ({
  name: `${name}-imports`,
  comment,
  severity: 'error',
  from: { path: `^packages/${name}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^(packages|tools|examples)/', pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    mayImport('core', [], 'Core is what plugins are written against: it depends on no other package of the repository.'),
    mayImport('profiler', ['core'], 'The measuring engine knows core alone.'),
    mayImport('predictor', ['core'], 'Training and prediction know core alone.'),
    mayImport('builder', ['core', 'profiler', 'predictor'], 'The builder composes core, profiler and predictor.'),
    mayImport('model', ['core', 'profiler', 'predictor', 'builder'], 'Whole networks are priced by predictors and measured by the engine.'),
    mayImport(
      'report',
      ['core', 'profiler', 'predictor', 'builder', 'model'],
      'A report reads what the builder has made, and what a model is predicted to take.',
    ),
    {
      name: 'the-report-page-is-for-browsers',
      comment: 'What a page loads knows the document and no file, process or engine.',
      severity: 'error',
      from: { path: '^packages/report/src/page/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(node:|packages/)',
        pathNot: '^packages/report/src/(page/|data/(report-document|texts)\\.ts)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'engines-have-no-runtime',
      comment: 'Inference runtimes belong to backends.',
      severity: 'error',
      from: { path: '^packages/(core|profiler|predictor|builder)/src' },
      to: { path: runtimes },
    },
    mayImport('native-kit', ['core'], 'What native backends share knows core alone.'),
    mayImport('tflite-format', ['core'], 'A model format that backends share knows core alone.'),
    {
      name: 'what-is-not-published-is-for-backends',
      comment: 'It is built into the backends; nothing else imports it.',
      severity: 'error',
      from: { pathNot: '^packages/(native-kit|tflite-format|backend-[^/]+)/' },
      to: { path: '^packages/(native-kit|tflite-format)/' },
    },
    {
      name: 'plugins-know-core-alone',
      comment: 'A plugin imports core and libraries only, a backend what is built into it besides.',
      severity: 'error',
      from: { path: '^(packages/(?:kernels|backend)-[^/]+|tools/zoo)/src', pathNot: '\\.test\\.ts$' },
      to: { path: '^(packages|tools|examples)/', pathNot: '^($1|packages/core|packages/native-kit|packages/tflite-format)/' },
    },
    {
      name: 'devices-know-core-alone',
      comment:
        'A device imports core and libraries only; its page or its agent holds what measures, which is built into it. The words of the protocol are types.',
      severity: 'error',
      from: { path: '^(packages/device-[^/]+)/src', pathNot: '(\\.test\\.ts$|^packages/device-[^/]+/src/(page|agent)/)' },
      to: { path: '^(packages|tools|examples)/', pathNot: '^(($1|packages/core)/|packages/profiler/src/host/browser-host\\.ts$)' },
    },
    {
      name: 'the-page-of-a-browser-measures',
      comment: 'What a page loads knows the measuring host and no file, process or engine.',
      severity: 'error',
      from: { path: '^packages/device-browser/src/page/' },
      to: {
        path: '^(node:|packages/)',
        pathNot: '^packages/(core/src/|profiler/src/host/browser-host\\.ts|device-browser/src/(page/|protocol\\.ts))',
      },
    },
    {
      name: 'the-agent-of-a-board-measures',
      comment: 'What a board runs knows the measuring host and no engine.',
      severity: 'error',
      from: { path: '^packages/device-ssh/src/agent/' },
      to: {
        path: '^packages/',
        pathNot: '^packages/(core/src/|profiler/src/host/machine-host\\.ts|device-ssh/src/(agent/|frames\\.ts|protocol\\.ts))',
      },
    },
    {
      name: 'the-measuring-host-runs-in-browsers',
      comment: 'What a page bundles to measure has nothing of Node.',
      severity: 'error',
      from: {
        path: '^packages/profiler/src/(measure/|host/(browser-host|host-server|runtime-host|check-runtime|model-cache)\\.ts)',
        pathNot: '\\.test\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
    mayImport('fleet', ['core', 'profiler'], 'A fleet has others measure: it knows core and the engine.'),
    {
      name: 'a-fleet-is-optional',
      comment: 'Only the command line asks for it, where it is installed, and benchmarks.',
      severity: 'error',
      from: { path: '^(packages/(?!fleet/)|examples/)', pathNot: '^packages/cli/' },
      to: { path: '^packages/fleet/' },
    },
    {
      name: 'nobody-imports-the-cli',
      severity: 'error',
      from: { path: '^(packages/(?!cli/)|examples/|tools/)' },
      to: { path: '^packages/cli/' },
    },
    {
      name: 'core-and-predictor-are-pure',
      comment: 'Files live in the builder and the CLI, processes in the profiler.',
      severity: 'error',
      from: { path: '^packages/(core|predictor)/src', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'], path: outside },
    },
    {
      name: 'the-browser-entry-predicts-only',
      comment: 'What a web page loads holds no training code.',
      severity: 'error',
      from: { path: '^packages/predictor/src/(predict/|browser\\.ts)', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/predictor/src/(regressors|training)/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-deprecated-core', severity: 'error', from: {}, to: { dependencyTypes: ['deprecated'] } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|/templates/|/__fixtures__/)' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['@nnm/source', 'import', 'node', 'default'] },
    tsPreCompilationDeps: true,
  },
};
