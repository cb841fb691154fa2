import { imageMakerNames, type LayerKind, network, networkLayers, networkNames } from '@nnm/zoo';

/** One prior table: a kind of layer, the package whose kernels are sampled from it, and its columns. */
interface PriorTarget {
  readonly kind: LayerKind;
  readonly folder: string;
  readonly columns: readonly string[];
}

const CONV_COLUMNS = ['HW', 'CIN', 'COUT', 'KERNEL_SIZE', 'STRIDES'];
const WINDOW_COLUMNS = ['KERNEL_H', 'KERNEL_W', 'STRIDE_H', 'STRIDE_W', 'DILATION_H', 'DILATION_W'];
const IMAGE_COLUMNS = ['HW', 'CIN'];

const TARGETS: readonly PriorTarget[] = [
  { kind: 'conv', folder: 'packages/kernels-conv', columns: CONV_COLUMNS },
  { kind: 'dwconv', folder: 'packages/kernels-conv', columns: CONV_COLUMNS },
  { kind: 'conv2d', folder: 'packages/kernels-conv', columns: ['H', 'W', 'CIN', 'COUT', ...WINDOW_COLUMNS] },
  { kind: 'dwconv2d', folder: 'packages/kernels-conv', columns: ['H', 'W', 'CIN', 'MULTIPLIER', ...WINDOW_COLUMNS] },
  { kind: 'grouped-conv', folder: 'packages/kernels-conv', columns: ['H', 'W', 'GROUPS', 'GROUP_CIN', 'GROUP_COUT', ...WINDOW_COLUMNS] },
  {
    kind: 'transposed-conv',
    folder: 'packages/kernels-conv',
    columns: ['H', 'W', 'CIN', 'COUT', 'KERNEL_H', 'KERNEL_W', 'STRIDE_H', 'STRIDE_W'],
  },
  { kind: 'pooling', folder: 'packages/kernels-misc', columns: ['HW', 'CIN', 'COUT', 'KERNEL_SIZE', 'POOL_STRIDES'] },
  { kind: 'fc', folder: 'packages/kernels-misc', columns: ['CIN', 'COUT'] },
  { kind: 'concat', folder: 'packages/kernels-misc', columns: ['HW', 'CIN1', 'CIN2', 'CIN3', 'CIN4'] },
  { kind: 'channel-halves', folder: 'packages/kernels-misc', columns: IMAGE_COLUMNS },
  { kind: 'se', folder: 'packages/kernels-misc', columns: IMAGE_COLUMNS },
  { kind: 'global-avgpool', folder: 'packages/kernels-misc', columns: IMAGE_COLUMNS },
  { kind: 'add', folder: 'packages/kernels-misc', columns: IMAGE_COLUMNS },
  { kind: 'feature-maps', folder: 'packages/kernels-misc', columns: IMAGE_COLUMNS },
  { kind: 'rows', folder: 'packages/kernels-tensor', columns: ['ROWS', 'CIN'] },
  { kind: 'transpose', folder: 'packages/kernels-tensor', columns: ['ROWS', 'COLUMNS', 'CIN'] },
  { kind: 'resize', folder: 'packages/kernels-tensor', columns: ['HW', 'CIN', 'SIZE'] },
  { kind: 'words', folder: 'packages/kernels-transformer', columns: ['ROWS', 'CIN'] },
  { kind: 'dense', folder: 'packages/kernels-transformer', columns: ['ROWS', 'CIN', 'COUT'] },
  { kind: 'matmul', folder: 'packages/kernels-transformer', columns: ['MATRICES', 'M', 'K', 'N'] },
  { kind: 'attention', folder: 'packages/kernels-transformer', columns: ['LENGTH', 'HEADS', 'HEAD_CHANNELS'] },
];

/** A file to write, `path` relative to the repository, with forward slashes. */
export interface PriorFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The prior tables of the kernel packages, derived from every layer of every network of the zoo at batch 1 and the size it was published with; of
 * those that make images, from their transposed convolutions alone.
 * They are modules, `src/generated/<kind>-prior.ts`, so that nothing has to find and parse a file at run time and bundlers
 * need no loader.
 */
export function priorFiles(): readonly PriorFile[] {
  const layersOf = (names: readonly string[]) =>
    names.flatMap((model) => networkLayers(network(model)).map((layer) => ({ model, ...layer })));
  const layers = layersOf(networkNames);
  const enlarging = layersOf(imageMakerNames).filter(({ kind }) => kind === 'transposed-conv');
  return TARGETS.map(({ kind, folder, columns }) => {
    const rows = [...layers, ...enlarging]
      .filter((layer) => layer.kind === kind)
      .map(({ model, config }) => [model, ...columns.map((column) => config[column] as number)]);
    return { path: `${folder}/src/generated/${kind}-prior.ts`, text: moduleText(kind, columns, rows) };
  });
}

type Row = readonly (string | number)[];

function moduleText(kind: LayerKind, columns: readonly string[], rows: readonly Row[]): string {
  const name = `${kind.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}Prior`;
  const quote = (value: string | number): string => (typeof value === 'string' ? `'${value}'` : String(value));
  return `// Made from the networks of @nnm/zoo by \`npm run make:priors\`. Do not edit.
import type { PriorTable } from '@nnm/core';

/** ${rows.length} layers of ${new Set(rows.map(([model]) => model)).size} published networks. */
export const ${name}: PriorTable<${columns.map(quote).join(' | ')}> = {
  columns: [${columns.map(quote).join(', ')}],
  rows: [
${rows.map((row) => `    [${row.map(quote).join(', ')}],`).join('\n')}
  ],
};
`;
}
