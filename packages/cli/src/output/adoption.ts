import type { AdoptedFolder, FoundFile } from '@nnm/builder';
import type { Ansis } from 'ansis';
import { shortPath } from '../plugins/origin.ts';
import { commandWord } from './command-word.ts';
import { countOf } from './quantities.ts';
import { renderTable } from './table.ts';

/** What was understood of a folder of nn-Meter, for `--json`. */
export interface AdoptReport {
  /** Rows that can be trained on, by kernel. */
  readonly rows: Readonly<Record<string, number>>;
  /** Entries of kernels that no plugin provides. */
  readonly unknownKernels: Readonly<Record<string, number>>;
  readonly notUnderstood: readonly { readonly file: string; readonly reason: string }[];
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  readonly problems: readonly string[];
}

/** The report of an adoption as plain values. */
export function reportAdoption({ rows, unknownKernels, files, moved, problems }: AdoptedFolder): AdoptReport {
  return {
    rows: Object.fromEntries(rows),
    unknownKernels: Object.fromEntries(unknownKernels),
    notUnderstood: files.flatMap(({ file, problem }) => (problem === undefined ? [] : [{ file, reason: problem }])),
    moved: moved.map(([from, to]) => ({ from, to })),
    problems: problems.map(({ message }) => message),
  };
}

/** The same for people. */
export function showAdoption(adopted: AdoptedFolder, given: string, backend: string, paint: Ansis): string {
  const { workspace, implement, batchSize, rows, unknownKernels, files, moved } = adopted;
  const holding = (kernel: string): readonly FoundFile[] => files.filter(({ kernels }) => kernels.has(kernel));
  const table = [...rows].map(([kernel, count]) => [
    kernel,
    String(count),
    holding(kernel)
      .map(({ file }) => shortPath(file))
      .join(', '),
  ]);
  const typed = commandWord(given);
  const strange = files.filter(({ problem }) => problem !== undefined);
  const lines = [
    `${paint.green('Adopted')} ${paint.bold(shortPath(workspace.folder))} for ${backend}: IMPLEMENT ${implement}, BATCH_SIZE ${batchSize}. The latencies count as measured by ${backend}.`,
    ...(table.length > 0
      ? ['', renderTable([{ title: 'KERNEL' }, { title: 'ROWS', align: 'right' }, { title: 'FROM' }], table, paint)]
      : ['No kernel data was found that can be trained on.']),
    '',
    ...[...unknownKernels].map(([kernel, count]) => `Not used: ${countOf(count, 'row')} of ${kernel}: no plugin provides this kernel.`),
    ...strange.map(({ file, problem }) => `Not used: ${shortPath(file)} ${problem}.`),
    ...moved.map(([from, to]) => `Moved:    ${shortPath(from)} to ${shortPath(to)}`),
    'Left as they are, and not read: models of Keras and Torch, and predictors of scikit-learn (.pkl).',
    `Settings: ${shortPath(workspace.paths.buildConfig)} and ${shortPath(workspace.paths.backendConfig)}`,
    ...(table.length > 0
      ? [`Next:     nnm train ${table[0]?.[0]} -w ${typed}   or   nnm build -w ${typed}, which measures what is missing`]
      : [`Next:     nnm build -w ${typed}`]),
  ];
  return lines.join('\n');
}
