import { Rng } from '@nnm/core';
import { parsePredictor, predictInBatches, serialisePredictor, TRAINING_PRESETS, trainPredictor } from '@nnm/predictor';
import { defineBench } from './bench.ts';
import { generateConvolutions } from './forest-data.ts';

export default defineBench({
  question: 'What does a finished predictor cost: file size, time to load, one prediction, a million of them?',
  options: {
    rows: { default: '1000', help: 'rows of training data' },
    predictions: { default: '1000000', help: 'predictions in batches' },
  },
  async run(args) {
    const data = generateConvolutions(Number(args.rows), 1);
    const rows = data.rows.map((row, i) => ({ id: String(i), kernel: data.name, ...row }));
    const wanted = Number(args.predictions);

    function* vectors(count = wanted): Generator<readonly number[]> {
      for (let i = 0; i < count; i++) yield rows[i % rows.length]!.features;
    }

    function fastestMs(repeats: number, work: () => unknown): number {
      let fastest = Number.POSITIVE_INFINITY;
      for (let i = 0; i < repeats; i++) {
        const start = performance.now();
        work();
        fastest = Math.min(fastest, performance.now() - start);
      }
      return fastest;
    }

    const round = (value: number): number => Number(value.toPrecision(3));
    const results: Record<string, unknown>[] = [];
    for (const [preset, training] of Object.entries(TRAINING_PRESETS)) {
      const { featureNames } = data;
      const trained = await trainPredictor({ rows, featureNames, kernelType: data.name, rng: new Rng(1), ...training });
      const text = serialisePredictor(trained.predictor);
      const start = performance.now();
      parsePredictor(text);
      const firstLoadMs = performance.now() - start;
      const predictor = parsePredictor(text);
      const loadMs = fastestMs(20, () => parsePredictor(text));
      const singleMs = fastestMs(2000, () => predictor.predictOne(rows[0]!.features));
      const before = performance.now();
      let peakBytes = 0;
      let shown = before;
      for await (const { first, latenciesMs } of predictInBatches(predictor, vectors())) {
        peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
        if (performance.now() - shown < 2000) continue;
        shown = performance.now();
        console.error(`  ${preset}: ${first + latenciesMs.length} of ${wanted} predictions`);
      }
      const manyS = (performance.now() - before) / 1000;
      // Below 256 rows trees are walked row by row, as where WebAssembly may not be used.
      const plainStart = performance.now();
      let plain = 0;
      for await (const { latenciesMs } of predictInBatches(predictor, vectors(wanted / 10), 255)) plain += latenciesMs.length;
      const plainS = (((performance.now() - plainStart) / 1000) * wanted) / plain;
      results.push({
        preset,
        rows: rows.length,
        fileKB: round(text.length / 1000),
        firstLoadMs: round(firstLoadMs),
        loadMs: round(loadMs),
        singleUs: round(singleMs * 1000),
        predictions: wanted,
        manyS: round(manyS),
        plainS: round(plainS),
        peakMB: round(peakBytes / 1e6),
      });
    }
    console.table(results);
    return { results };
  },
});
