import { readFileSync } from 'node:fs';
import { createRegistry, Rng } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { modelPredictor, parseBundle } from '@nnm/model';
import { drawWidths, networkOf } from 'nnm-example-search-under-limit';
import { defineBench } from './bench.ts';

export default defineBench({
  question: 'How many candidate networks a second does a search predict?',
  options: {
    bundle: { default: 'bench-results/networks/tflite_cpu.nnm.json', help: 'a bundle, such as `npm run bench -- networks` leaves' },
    count: { default: '400', help: 'networks of MobileNet v2 widths' },
    'warm-up': { default: '50', help: 'networks before the clock starts' },
  },
  async run(options) {
    const registry = createRegistry([kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer]);
    const predictor = modelPredictor({ bundle: parseBundle(readFileSync(options.bundle, 'utf8'), { file: options.bundle }), registry });
    const rng = new Rng(1);
    const predictNext = (): number => predictor.predict(networkOf(drawWidths(rng))).kernels.length;
    for (let i = 0; i < Number(options['warm-up']); i++) predictNext();
    // Time on a processor: what others do on this machine does not count.
    const started = process.cpuUsage();
    let kernels = 0;
    for (let i = 0; i < Number(options.count); i++) kernels += predictNext();
    const { user, system } = process.cpuUsage(started);
    const seconds = (user + system) / 1e6;
    const networksPerSecond = Number(options.count) / seconds;
    const kernelsPerSecond = kernels / seconds;
    console.log(
      `${networksPerSecond.toFixed(0)} networks and ${kernelsPerSecond.toFixed(0)} kernels a second on a core, building the graphs included.`,
    );
    return { networksPerSecond, kernelsPerSecond };
  },
});
