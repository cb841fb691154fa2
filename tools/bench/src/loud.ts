import { availableParallelism, loadavg } from 'node:os';
import { defineBench, listOf } from './bench.ts';
import { benchBackend, benchKernels } from './bench-kernels.ts';
import { comparePhases, formatPhase } from './loud/compare-phases.ts';
import { PhasesFile } from './loud/phases-file.ts';
import { recordPhase } from './loud/record-phase.ts';
import { startStress } from './loud/stress.ts';

export default defineBench({
  question: 'How near to the truth does a label come that is measured while the machine is never quiet?',
  options: {
    backends: { default: 'tflite_cpu,torch_cpu', help: 'backends, separated by commas' },
    kernels: { default: '200', help: 'number of kernels' },
    seed: { default: '1', help: 'seed of the samples' },
    record: { help: 'name of a phase to record, such as quiet; by default what was recorded is compared' },
    stress: { help: 'what stress-ng does meanwhile: compute, cache or memory, and on how many CPUs, as in memory2' },
    visits: { default: '5', help: 'visits to each kernel in a phase' },
    slices: { default: '5', help: 'slices of a visit' },
    seconds: { default: '200', help: 'how long to record; a phase that is not complete is continued by the next call' },
    folder: { default: 'bench-results/loud', help: 'folder of the recorded visits' },
  },
  async run(args) {
    const figures: Record<string, unknown>[] = [];
    for (const id of listOf(args.backends)) {
      const { backend, settings } = await benchBackend(id);
      const kernels = await benchKernels(Number(args.kernels), Number(args.seed));
      const file = new PhasesFile(`${args.folder}/${id}.jsonl`);
      if (args.record === '') {
        const phases = comparePhases(file.visits, kernels, Number(args.seed));
        for (const phase of phases) console.log(`\n${id}, ${formatPhase(phase)}`);
        figures.push({ backend: id, phases });
        continue;
      }
      const stop = await startStress(args.stress);
      try {
        const left = await recordPhase(
          {
            phase: args.record,
            backend,
            settings,
            kernels,
            visits: Number(args.visits),
            slices: Number(args.slices),
            seconds: Number(args.seconds) / listOf(args.backends).length,
          },
          file,
        );
        console.log(`${id}, ${args.record}: ${left} visits missing; load ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} CPUs`);
      } finally {
        stop();
      }
    }
    return { figures };
  },
});
