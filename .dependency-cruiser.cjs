/** Arrows point one way: plugins and the CLI depend on core, core on no workspace package and on no inference runtime. */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-stands-alone',
      comment: 'Core depends on no other workspace package.',
      severity: 'error',
      from: { path: '^packages/core/src' },
      to: { path: '^packages/(?!core/)' },
    },
    {
      name: 'core-has-no-runtime',
      comment: 'Inference runtimes belong to backends.',
      severity: 'error',
      from: { path: '^packages/core/src' },
      to: { path: '(^|node_modules/)(onnxruntime-node|tfjs-tflite-node|koffi|@tensorflow|flatbuffers|protobufjs)' },
    },
    {
      name: 'plugins-do-not-know-each-other',
      comment: 'A plugin imports core and libraries only.',
      severity: 'error',
      from: { path: '^packages/((?:kernels|backend)-[^/]+|zoo)/src', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/', pathNot: '^packages/($1|core)/' },
    },
    {
      name: 'nobody-imports-the-cli',
      severity: 'error',
      from: { path: '^(packages/(?!cli/)|examples/)' },
      to: { path: '^packages/cli/' },
    },
    {
      name: 'pure-stays-pure',
      comment: 'Files, processes and threads live in workspace/, profiler/, parallel/ and pipeline/; the rest of core is pure.',
      severity: 'error',
      from: {
        path: '^packages/core/src/(graph|kernel|sampling|regression|predictor|random|backend|plugin|errors)/',
        pathNot: '\\.test\\.ts$',
      },
      to: { dependencyTypes: ['core'], path: '^(node:)?(fs|fs/promises|child_process|net|http|https|os|worker_threads)$' },
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
