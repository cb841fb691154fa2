import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FeatureMatrix, Rng, toFeatureMatrix } from '@nnm/core';
import { computeMetrics, randomForest } from '@nnm/predictor';
import { decodeBase64, encodeBase64 } from '../../../packages/predictor/src/predict/base64.ts';
import { defineBench, listOf } from './bench.ts';
import { generateConvolutions } from './forest-data.ts';

const TEST_ROWS = 10_000;
const SEED = 1;

interface Figures {
  readonly fitS: number;
  readonly singleS: number;
  readonly batchS: number;
  /** From the file's bytes to a forest that predicts. */
  readonly loadS: number;
  readonly sizeBytes: number;
}

export default defineBench({
  question: 'Is the random forest as fast and as accurate as that of scikit-learn?',
  options: {
    rows: { default: '1000,5000,20000', help: 'rows of training data, separated by commas' },
    trees: { default: '370', help: 'trees of the forest' },
    python: {
      default: process.platform === 'win32' ? 'python' : '/usr/bin/python3',
      help: 'a Python with scikit-learn (Debian: python3-sklearn); without it only nnm is timed',
    },
  },
  async run(args) {
    const missing = whyNoSklearn(args.python);
    if (missing !== undefined) console.log(`scikit-learn is skipped: ${missing}. Install it with: apt-get install python3-sklearn\n`);

    const results: Record<string, unknown>[] = [];
    for (const rows of listOf(args.rows).map(Number)) {
      for (const maxFeatures of [null, 4]) {
        console.error(`${rows} rows, ${maxFeaturesLabel(maxFeatures)} features per split ...`);
        results.push(await compare(rows, { nEstimators: Number(args.trees), maxFeatures }));
      }
    }
    console.table(results);
    console.log(
      'Ratios: this forest over scikit-learn; goals fit 0.5, single 0.02, batch 0.3, file 0.25. Sizes: base64 trees over a pickle.',
    );
    return { testRows: TEST_ROWS, ...(missing !== undefined && { skipped: missing }), results };

    async function compare(rows: number, options: { nEstimators: number; maxFeatures: number | null }): Promise<Record<string, unknown>> {
      const train = generateConvolutions(rows, SEED);
      const test = generateConvolutions(TEST_ROWS, SEED + 1);
      const columns = train.featureNames.length;
      const trainX = matrixOf(train.rows, columns);
      const testX = matrixOf(test.rows, columns);
      const trainY = Float64Array.from(train.rows, ({ latencyMs }) => latencyMs);
      const testY = Float64Array.from(test.rows, ({ latencyMs }) => latencyMs);
      const parsed = randomForest.parseOptions(options);
      const data = { featureNames: train.featureNames, features: trainX, targets: trainY };
      const one = testX.values.subarray(0, columns);
      let ours: Figures | undefined;
      let theirs: Figures | undefined;
      let predicted = new Float64Array(0);
      let theirPredicted = new Float64Array(0);
      // In turns, so that a noisy stretch of the machine meets both sides; the best of each is kept.
      const turns = rows > 10_000 ? 2 : 4;
      for (let turn = 0; turn < turns; turn++) {
        const [fitS, forest] = await best(1, () => randomForest.fit(data, parsed, { rng: new Rng(SEED) }));
        const [batchS, answers] = await best(3, () => forest.predictMany(testX));
        const [singleS] = await best(300, () => forest.predictOne(one));
        predicted = answers as Float64Array<ArrayBuffer>;
        const { json, binary } = forest.serialise();
        const text = encodeBase64(binary);
        const [loadS] = await best(3, () => randomForest.deserialise({ json, binary: decodeBase64(text) as Uint8Array }));
        ours = lowest(ours, { fitS, singleS, batchS, loadS, sizeBytes: text.length });
        console.error(`  turn ${turn + 1} of ${turns}: fitted in ${fitS.toFixed(1)} s, batch ${(batchS * 1000).toFixed(0)} ms`);
        if (missing !== undefined) continue;
        const answer = runSklearn({ columns, options, seed: SEED }, { trainX: trainX.values, trainY, testX: testX.values });
        theirPredicted = answer.predicted;
        theirs = lowest(theirs, answer);
        console.error(`    scikit-learn: ${answer.fitS.toFixed(1)} s, ${(answer.batchS * 1000).toFixed(0)} ms`);
      }
      const row: Record<string, unknown> = {
        rows,
        maxFeatures: maxFeaturesLabel(options.maxFeatures),
        ...milliseconds(ours!),
        acc10: round(computeMetrics(testY, predicted).acc10),
      };
      if (theirs === undefined) return row;
      return {
        ...row,
        sklearnFitMs: round(theirs.fitS * 1000),
        sklearnBatchMs: round(theirs.batchS * 1000),
        sklearnAcc10: round(computeMetrics(testY, theirPredicted).acc10),
        fitRatio: round(ours!.fitS / theirs.fitS),
        singleRatio: round(ours!.singleS / theirs.singleS),
        batchRatio: round(ours!.batchS / theirs.batchS),
        loadRatio: round(ours!.loadS / theirs.loadS),
        fileRatio: round(ours!.sizeBytes / theirs.sizeBytes),
      };
    }

    function lowest(before: Figures | undefined, now: Figures): Figures {
      if (before === undefined) return now;
      return {
        fitS: Math.min(before.fitS, now.fitS),
        singleS: Math.min(before.singleS, now.singleS),
        batchS: Math.min(before.batchS, now.batchS),
        loadS: Math.min(before.loadS, now.loadS),
        sizeBytes: now.sizeBytes,
      };
    }

    function milliseconds({ fitS, singleS, batchS, loadS, sizeBytes }: Figures): Record<string, number> {
      return {
        fitMs: round(fitS * 1000),
        singleMs: round(singleS * 1000),
        batchMs: round(batchS * 1000),
        loadMs: round(loadS * 1000),
        fileMB: round(sizeBytes / 1e6),
      };
    }

    function runSklearn(
      task: Record<string, unknown>,
      arrays: Record<string, Float64Array>,
    ): Figures & { predicted: Float64Array<ArrayBuffer> } {
      const folder = mkdtempSync(join(tmpdir(), 'nnm-forest-'));
      try {
        for (const [name, array] of Object.entries(arrays)) {
          writeFileSync(join(folder, name), new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
        }
        const script = fileURLToPath(new URL('forest-sklearn.py', import.meta.url));
        const { stdout, stderr, status } = spawnSync(args.python, [script], {
          input: JSON.stringify({ ...task, folder }),
          encoding: 'utf8',
        });
        if (status !== 0) throw new Error(`${args.python} ${script} failed: ${stderr}`);
        const predicted = readFileSync(join(folder, 'predicted'));
        return { ...(JSON.parse(stdout) as Figures), predicted: new Float64Array(new Uint8Array(predicted).buffer) };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }

    function whyNoSklearn(python: string): string | undefined {
      const { error, status, stderr } = spawnSync(python, ['-c', 'import sklearn, numpy'], { encoding: 'utf8' });
      if (error !== undefined) return `${python} cannot be started (${error.message})`;
      return status === 0 ? undefined : (stderr.trim().split('\n').at(-1) ?? 'unknown reason');
    }

    async function best<T>(repeats: number, work: () => T | Promise<T>): Promise<[seconds: number, result: T]> {
      let fastest = Number.POSITIVE_INFINITY;
      let result: T | undefined;
      for (let i = 0; i < repeats; i++) {
        const start = performance.now();
        result = await work();
        fastest = Math.min(fastest, (performance.now() - start) / 1000);
      }
      return [fastest, result as T];
    }

    function matrixOf(rows: readonly { features: readonly number[] }[], columns: number): FeatureMatrix {
      return toFeatureMatrix(
        rows.map(({ features }) => features),
        columns,
      );
    }

    function maxFeaturesLabel(maxFeatures: number | null): string {
      return maxFeatures === null ? 'all' : String(maxFeatures);
    }

    function round(value: number): number {
      return Number(value.toPrecision(3));
    }
  },
});
