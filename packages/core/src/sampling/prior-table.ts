import type { KernelConfig } from '../kernel/index.ts';

/** One layer of a known network: the network's name, then a value per column. */
export type PriorRow = readonly [model: string, ...values: number[]];

/**
 * The layers of known networks from which a kernel is sampled, one row per layer, values as the networks have them.
 *
 * A compact form of a list of configurations; {@link priorConfigs} gives the configurations.
 */
export interface PriorTable<Key extends string = string> {
  readonly columns: readonly Key[];
  readonly rows: readonly PriorRow[];
}

/** The configurations of a prior: one per row, in order, repeated where networks repeat a layer. */
export function priorConfigs<C extends KernelConfig>(prior: PriorTable<keyof C & string> | readonly C[]): readonly C[] {
  if (!('columns' in prior)) return prior;
  return prior.rows.map((row) => Object.fromEntries(prior.columns.map((key, column) => [key, row[column + 1]])) as C);
}
