import type { MeasuredSample } from '../stages/records.ts';
import type { KernelFile, LabelledConfig } from '../workspace/index.ts';

/** One piece of kernel data: a path of a JSON file, or what such a file holds, as an object. */
export type KernelDataItem = string | KernelFile<object> | Readonly<Record<string, object>>;

/** Configurations or latencies: one piece or several, of which later ones win where two hold the same id of the same kernel. */
export type KernelDataPart = KernelDataItem | readonly KernelDataItem[];

/**
 * Kernel data in every form the stages take it:
 *
 * - a pair of configurations and latencies, each a path, an object, or a list of them;
 * - one path or object that holds both, such as a latency file written with `DETAIL: TRUE`;
 * - rows as {@link LabelledConfig}s;
 * - what an earlier stage ended with: measured samples, collected data, a built predictor, the build of a round.
 *
 * A file or object has the shape `{ "<kernel>": { "<ID>": { config, latency } } }`; without the kernels it is of the kernel asked for.
 */
export type KernelDataSource =
  | readonly [configs: KernelDataPart, latencies: KernelDataPart]
  | KernelDataItem
  | readonly LabelledConfig[]
  | EarlierResult;

/** What of an earlier stage's result is data. */
export type EarlierResult =
  | {
      readonly samples: readonly MeasuredSample[];
      readonly holdout?: readonly MeasuredSample[];
      readonly imported?: readonly LabelledConfig[];
    }
  | { readonly rows: readonly LabelledConfig[] }
  | { readonly data: readonly LabelledConfig[] };

/** A source, told apart. */
export type SortedSource =
  | { readonly kind: 'rows'; readonly rows: readonly LabelledConfig[]; readonly holdout: readonly LabelledConfig[] }
  | { readonly kind: 'files'; readonly configs: readonly KernelDataItem[]; readonly latencies: readonly KernelDataItem[] | undefined };

/** Tell apart what {@link KernelDataSource} may be; undefined when it is none of it. */
export function sortSource(source: unknown): SortedSource | undefined {
  if (typeof source === 'string') return { kind: 'files', configs: [source], latencies: undefined };
  if (Array.isArray(source)) return sortList(source);
  if (!isObject(source)) return undefined;
  if (Array.isArray(source.samples)) {
    const { samples, holdout = [], imported = [] } = source as Extract<EarlierResult, { samples: unknown }>;
    return { kind: 'rows', rows: [...imported, ...labelled(samples)], holdout: labelled(holdout) };
  }
  for (const key of ['rows', 'data']) {
    const rows = source[key];
    if (Array.isArray(rows) && rows.every(isRow)) return { kind: 'rows', rows, holdout: [] };
  }
  return { kind: 'files', configs: [source as KernelDataItem], latencies: undefined };
}

function sortList(list: readonly unknown[]): SortedSource | undefined {
  if (list.every(isRow)) return { kind: 'rows', rows: list, holdout: [] };
  const [configs, latencies] = list.map(itemsOf);
  return list.length === 2 && configs && latencies ? { kind: 'files', configs, latencies } : undefined;
}

function itemsOf(part: unknown): readonly KernelDataItem[] | undefined {
  const items: readonly unknown[] = Array.isArray(part) ? part : [part];
  const isItem = (item: unknown): item is KernelDataItem => typeof item === 'string' || isObject(item);
  return items.length > 0 && items.every(isItem) ? items : undefined;
}

function labelled(samples: readonly MeasuredSample[]): readonly LabelledConfig[] {
  return samples.filter((sample) => sample.status === 'ok');
}

function isRow(value: unknown): value is LabelledConfig {
  return isObject(value) && typeof value.latencyMs === 'number' && typeof value.id === 'string' && isObject(value.config);
}

/** True for an object that is no array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
