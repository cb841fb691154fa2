import { createRegistry, kernelFamily } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { pathErrors } from '../../../packages/predictor/src/training/idle-paths.ts';
import { defineBench } from './bench.ts';
import { joinRows, type MeasuredData, readMeasuredData } from './measured-data.ts';
import { formatCells } from './report.ts';

/** A family, a way of computing, and the share of its error that a baseline keeps that knows it. */
interface Followed {
  readonly backend: string;
  readonly family: string;
  readonly rows: number;
  readonly way: string;
  readonly left: number;
}

export default defineBench({
  question: 'Which ways of computing do measurements follow?',
  options: { folder: { default: 'bench-results/accuracy', help: 'what the benchmark accuracy measured' } },
  async run({ folder }) {
    const registry = createRegistry([kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer]);
    const families = new Map<string, MeasuredData[]>();
    for await (const data of readMeasuredData(folder)) {
      if ((data.train.pathFeatures ?? []).length === 0) continue;
      const key = `${data.backend} ${kernelFamily(registry.kernel(data.kernel))}`;
      families.set(key, [...(families.get(key) ?? []), data]);
    }
    const followed: Followed[] = [];
    for (const [key, members] of families) {
      const [first, ...others] = members as [MeasuredData, ...MeasuredData[]];
      const [backend, family] = key.split(' ') as [string, string];
      const names = first.train.featureNames.join();
      // Kernels with height and width apart have features that the square ones lack.
      const rows = joinRows([first, ...others.filter(({ train }) => train.featureNames.join() === names)].map(({ train }) => train));
      pathErrors(rows).forEach((left, index) => {
        followed.push({ backend, family, rows: rows.features.rows, way: (rows.pathFeatures?.[index] ?? []).join(' '), left });
      });
    }
    console.log(
      formatCells([
        ['backend', 'family', 'rows', 'of the error left', 'way of computing'],
        ...followed.map(({ backend, family, rows, left, way }) => [backend, family, String(rows), left.toFixed(2), way]),
      ]),
    );
    return { followed };
  },
});
