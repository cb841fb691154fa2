/**
 * Would extremely randomised trees earn a place among the regressors? scikit-learn's, on generated kernels and the target log-residual.
 *
 * `npm run bench:extra-trees [-- --rows 300,1000,5000 --python /usr/bin/python3]`
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { toFeatureMatrix } from '@nnm/core';
import { computeMetrics, fitBaseline } from '@nnm/predictor';
import { baselineMs } from '../../packages/predictor/src/predict/baseline.ts';
import { type GeneratedKernel, generateConvolutions, generateDepthwise } from './forest-data.ts';

const { values: args } = parseArgs({
  options: {
    rows: { type: 'string', default: '300,1000,5000' },
    python: { type: 'string', default: process.platform === 'win32' ? 'python' : '/usr/bin/python3' },
  },
});
const TEST_ROWS = 2000;
const script = fileURLToPath(new URL('extra-trees.py', import.meta.url));

/** The answers of every candidate for the test rows. */
function fitCandidates(task: Record<string, unknown>): Record<string, number[]> {
  const { error, status, stdout, stderr } = spawnSync(args.python, [script], {
    input: JSON.stringify(task),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error !== undefined || status !== 0) {
    throw new Error(`${args.python} ${script} failed: ${error?.message ?? stderr}. It needs: apt-get install python3-sklearn`);
  }
  return JSON.parse(stdout) as Record<string, number[]>;
}

function grade(train: GeneratedKernel, test: GeneratedKernel): Record<string, unknown>[] {
  const vectors = train.rows.map(({ features }) => features);
  const latencies = Float64Array.from(train.rows, ({ latencyMs }) => latencyMs);
  const baseline = fitBaseline(train.featureNames, toFeatureMatrix(vectors, train.featureNames.length), latencies);
  const answers = fitCandidates({
    features: vectors,
    targets: train.rows.map(({ features, latencyMs }) => Math.log(latencyMs / baselineMs(baseline, features))),
    test: test.rows.map(({ features }) => features),
  });
  return Object.entries(answers).map(([candidate, logs]) => {
    const predicted = test.rows.map(({ features }, i) => baselineMs(baseline, features) * Math.exp(logs[i]!));
    const { acc5, acc10, rmspe } = computeMetrics(
      test.rows.map(({ latencyMs }) => latencyMs),
      predicted,
    );
    return { kernel: train.name, rows: train.rows.length, candidate, acc5, acc10, rmspe };
  });
}

const results = [generateConvolutions, generateDepthwise].flatMap((generate) =>
  args.rows.split(',').flatMap((rows) => {
    console.error(`${rows} rows ...`);
    return grade(generate(Number(rows), 1), generate(TEST_ROWS, 2));
  }),
);
console.table(results);
console.log(JSON.stringify({ bench: 'extra-trees', results }));
