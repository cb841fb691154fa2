import type { LabelledRow } from './labelled-rows.ts';

/** `{ "<kernel>": { "<ID>": { config, latency } } }`, as kernel data is handed to the builder. */
type Entries = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** Rows as kernel data, a piece per kernel; rows without an id, or with that of another one, get one of their own. */
export function gatherEntries(rows: readonly LabelledRow[]): ReadonlyMap<string, Entries> {
  const kernels = new Map<string, Record<string, object>>();
  for (const [index, { kernel, id, config, latencyMs, spreadMs }] of rows.entries()) {
    const entries = kernels.get(kernel) ?? {};
    kernels.set(kernel, entries);
    const name = id === undefined || Object.hasOwn(entries, id) ? `row ${index + 1}` : id;
    entries[name] = { config, latency: `${latencyMs} +- ${spreadMs ?? 'nan'}` };
  }
  return new Map([...kernels].map(([kernel, entries]) => [kernel, { [kernel]: entries }]));
}
