import { defineBench, listOf } from './bench.ts';
import { benchBackend, benchKernels } from './bench-kernels.ts';
import { measureWithEngine, parsePolicy } from './measure-with-engine.ts';
import { startBaseline } from './start-processes.ts';

export default defineBench({
  question: 'What does profiling cost besides running the kernels, and what does the policy of 10 + 50 runs cost?',
  options: {
    backends: { default: 'tflite_cpu,torch_cpu', help: 'backends, separated by commas' },
    kernels: { default: '300', help: 'number of kernels' },
    types: { help: 'kernel types, separated by commas; all by default' },
    seed: { default: '1', help: 'seed of the samples' },
    policy: { help: 'changes of the policy: name=value,...' },
    levels: { help: 'file of quiet levels' },
  },
  async run(args) {
    const policy = parsePolicy(args.policy);
    const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
    const figures: Record<string, unknown>[] = [];

    for (const id of listOf(args.backends)) {
      const { backend, settings } = await benchBackend(id);
      const implement = backend.implement[0];
      const kernels = await benchKernels(Number(args.kernels), Number(args.seed), args.types);

      const spentMs = new Map<string, { visits: number; ms: number }>();
      const engine = { backend, settings, seed: Number(args.seed), policy, levelsFile: args.levels || undefined };
      const { summary, wallMs: engineMs } = await measureWithEngine(kernels, engine, (event) => {
        if (event.type !== 'visit') return;
        const { loadMs, warmupMs, timedMs, probeMs, waitedMs } = event.cost;
        const ms = loadMs + warmupMs + timedMs + probeMs + waitedMs + (spentMs.get(event.id)?.ms ?? 0);
        spentMs.set(event.id, { visits: event.visits, ms });
      });

      const fixedFrom = performance.now();
      const baseline = startBaseline(backend, settings);
      let fixedRunsMs = 0;
      for (const { graph } of kernels)
        fixedRunsMs += (await baseline.measure(await backend.convert(graph, implement), false)).nnMeterRunsMs;
      baseline.stop();
      const fixedMs = performance.now() - fixedFrom;

      const { cost, counts, drift } = summary;
      const runsMs = cost.timedMs + cost.warmupMs;
      // Models are converted while the worker measures.
      const otherMs = engineMs - runsMs - cost.loadMs - cost.probeMs - cost.waitedMs;
      const figure = {
        backend: id,
        kernels: kernels.length,
        ratio: Number((engineMs / runsMs).toFixed(3)),
        engineMs: Math.round(engineMs),
        fixedMs: Math.round(fixedMs),
        fixedRatio: Number((fixedMs / fixedRunsMs).toFixed(3)),
        parts: Object.fromEntries(Object.entries({ ...cost, otherMs }).map(([part, ms]) => [part, Math.round(ms)])),
        visitsPerKernel: Number((counts.visits / kernels.length).toFixed(2)),
        flagged: counts.flagged,
        failed: counts.failed,
        quietShare: Number(drift.quietShare.toFixed(3)),
      };
      figures.push(figure);
      console.log(
        `\n${id}: ${kernels.length} kernels in ${counts.visits} visits, quiet share ${figure.quietShare}, ${counts.flagged} flagged`,
      );
      console.log(`  timed runs ${seconds(cost.timedMs)}, warm-up ${seconds(cost.warmupMs)}, reference probes ${seconds(cost.probeMs)}`);
      console.log(
        `  loading ${seconds(cost.loadMs)}, waiting for quiet ${seconds(cost.waitedMs)}, rest ${seconds(otherMs)}; meanwhile conversion ${seconds(cost.convertMs)}`,
      );
      console.log(`  wall / (timed + warm-up) = ${figure.ratio}`);
      const costliest = [...spentMs].sort(([, a], [, b]) => b.ms - a.ms).slice(0, 5);
      console.log(`  most went to ${costliest.map(([id, { visits, ms }]) => `${id} (${visits} visits, ${seconds(ms)})`).join(', ')}`);
      console.log(`  engine ${seconds(engineMs)}, 10 + 50 runs ${seconds(fixedMs)} (${figure.fixedRatio} times their runs)`);
    }
    return { figures };
  },
});
