import { quantile } from '@nnm/core';
import { defineBench } from './bench.ts';
import { openReference } from './open-runtime.ts';
import { formatCells } from './report.ts';

export default defineBench({
  question: 'How long does this machine stay loud? On Linux run it on one CPU: taskset -c 1 npm run bench -- noise',
  options: {
    backend: { default: 'tflite_cpu', help: 'backend whose reference is probed' },
    seconds: { default: '30', help: 'how long' },
    tolerance: { default: '0.03', help: 'share above the quiet level that still counts as quiet' },
  },
  async run(args) {
    const { probe } = await openReference(args.backend);

    const times: number[] = [];
    const probes: number[] = [];
    const start = performance.now();
    while (performance.now() - start < 1000 * Number(args.seconds)) {
      times.push(performance.now() - start);
      probes.push(await probe());
    }
    const limitMs = quantile(probes, 0.01) * (1 + Number(args.tolerance));
    const quiet = probes.map((ms) => ms <= limitMs);
    const quietShare = quiet.filter(Boolean).length / quiet.length;

    /** Lengths of the loud stretches, milliseconds. */
    const stretches: number[] = [];
    for (let i = 0, from = 0; i < quiet.length; i++) {
      if (quiet[i] && !quiet[from]) stretches.push(times[i]! - times[from]!);
      if (quiet[i] !== quiet[from]) from = i;
    }
    const loudMs = stretches.reduce((sum, ms) => sum + ms, 0);
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
    const limits = [0.2, 0.5, 1, 2, 5, 12, 50, 200, 500];
    const lengths = limits.map((upToMs) => {
      const shorter = stretches.filter((ms) => ms <= upToMs);
      return { upToMs, ofStretches: shorter.length / stretches.length, ofLoudTime: shorter.reduce((sum, ms) => sum + ms, 0) / loudMs };
    });

    /** Share of the probes that are quiet `laterMs` after one that was, and after one that was not. */
    function quietAfter(laterMs: number): { readonly laterMs: number; readonly quiet: number; readonly loud: number } {
      const counts = { quiet: [0, 0], loud: [0, 0] };
      for (let i = 0, j = 0; i < quiet.length; i++) {
        while (j < quiet.length && times[j]! < times[i]! + laterMs) j++;
        if (j === quiet.length) break;
        const count = quiet[i] ? counts.quiet : counts.loud;
        count[0]!++;
        if (quiet[j]) count[1]!++;
      }
      return { laterMs, quiet: counts.quiet[1]! / counts.quiet[0]!, loud: counts.loud[1]! / counts.loud[0]! };
    }
    const later = [0.2, 1, 5, 20, 100, 500, 1000].map(quietAfter);

    console.log(`${probes.length} probes in ${args.seconds} s, quiet ${percent(quietShare)}, ${stretches.length} loud stretches\n`);
    console.log(
      formatCells([
        ['loud for at most', 'of the stretches', 'of the loud time'],
        ...lengths.map(({ upToMs, ofStretches, ofLoudTime }) => [`${upToMs} ms`, percent(ofStretches), percent(ofLoudTime)]),
      ]),
    );
    console.log();
    console.log(
      formatCells([
        ['later by', 'quiet after quiet', 'quiet after loud'],
        ...later.map(({ laterMs, quiet, loud }) => [`${laterMs} ms`, percent(quiet), percent(loud)]),
      ]),
    );
    return { backend: args.backend, quietShare, stretches: stretches.length, lengths, later };
  },
});
