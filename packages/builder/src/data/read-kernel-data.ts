import {
  type AnyKernel,
  configProblems,
  InvalidArgumentError,
  InvalidFileError,
  kernelFamily,
  type Problem,
  type Registry,
} from '@nnm/core';
import { readJsonFile } from '@nnm/profiler';
import { type LabelledConfig, parseLatency } from '../workspace/index.ts';
import { completeConfig } from './complete-config.ts';
import { isObject, type KernelDataItem, type KernelDataSource, sortSource } from './kernel-data-source.ts';
import { mergeRepeats } from './merge-repeats.ts';

/** Kernel data that can be trained on, and what was wrong with the rest. */
export interface ReadKernelData {
  /** Of the kernel and of other kernels of its family. */
  readonly rows: readonly LabelledConfig[];
  /** Rows that only grade: the hold-out of an earlier build. */
  readonly holdout: readonly LabelledConfig[];
  /** What is not among the rows, and what was done to some of them; with counts. */
  readonly problems: readonly Problem[];
}

/**
 * Read kernel data in any of the forms of {@link KernelDataSource}: join configurations and latencies by id, check every configuration
 * by its kernel, and take repeated ones once. Nothing is left out in silence: `problems` names and counts it.
 *
 * @throws {@link InvalidArgumentError} when it is none of these forms; {@link InvalidFileError} for files that cannot be read as such, or
 *   when not one row can be used; {@link FileAccessError}
 */
export async function readKernelData(kernelType: string, source: KernelDataSource, registry: Registry): Promise<ReadKernelData> {
  const kernel = registry.kernel(kernelType);
  const sorted = sortSource(source);
  if (sorted === undefined) {
    throw new InvalidArgumentError({
      name: 'data',
      expected:
        'a pair [configs, latencies] of paths or objects, one path or object that holds both, rows, or the result of an earlier stage',
      got: Array.isArray(source) ? `a list of ${source.length}` : source === null ? 'null' : typeof source,
    });
  }
  const found = new Findings();
  if (sorted.kind === 'rows') {
    const rows = sorted.rows.filter((row) => isAccepted(row, registry, found));
    return { rows, holdout: sorted.holdout.filter((row) => isAccepted(row, registry, found)), problems: found.problems };
  }
  const configs = await collect(kernel, sorted.configs, registry, found);
  const latencies = sorted.latencies === undefined ? configs : await collect(kernel, sorted.latencies, registry, found);
  const rows = joinEntries(configs, latencies, registry, found);
  const { rows: merged, repeats } = mergeRepeats(rows);
  found.add(repeats, 'with a configuration that is there before: the median latency counts');
  if (merged.length === 0) {
    const problems = found.problems.length > 0 ? found.problems : [{ key: kernelType, message: 'there are no rows of this kernel' }];
    const file = [...sorted.configs, ...(sorted.latencies ?? [])].find((item) => typeof item === 'string');
    throw new InvalidFileError({ file: file ?? `the data of ${kernelType}`, problems, hint: SHAPE_HINT });
  }
  return { rows: merged, holdout: [], problems: found.problems };
}

const SHAPE_HINT =
  'The data must be { "<kernel>": { "<ID>": { "config": { … }, "latency": "37.5 +- 0.3" } } }, configurations and latencies apart or together.';

type Entry = Readonly<Record<string, unknown>>;
/** Entries by kernel and id; later ones win, key by key. */
type Entries = ReadonlyMap<string, ReadonlyMap<string, Entry>>;

/** What is worth telling, counted by kernel and reason; a few ids are shown. */
class Findings {
  private readonly ids = new Map<string, Set<string>>();

  add(ids: readonly string[], what: string): void {
    const known = this.ids.get(what) ?? new Set();
    for (const id of ids) known.add(id);
    if (known.size > 0) this.ids.set(what, known);
  }

  get problems(): readonly Problem[] {
    return [...this.ids].map(([what, ids]) => {
      const shown = [...ids].slice(0, 3).join(', ');
      return { message: `${ids.size} row${ids.size === 1 ? '' : 's'} ${what} (${shown}${ids.size > 3 ? ', …' : ''})` };
    });
  }
}

function isAccepted({ id, kernel, config }: LabelledConfig, registry: Registry, found: Findings): boolean {
  const [problem] = configProblems(registry.kernel(kernel), config);
  if (problem !== undefined) found.add([id], refused(kernel, problem));
  return problem === undefined;
}

function refused(kernel: string, { key, message }: Problem): string {
  return `of ${kernel} with a configuration that the kernel refuses: ${[key, message].filter(Boolean).join(' ')}`;
}

/** The entries of the kernel's family in several pieces. */
async function collect(kernel: AnyKernel, items: readonly KernelDataItem[], registry: Registry, found: Findings): Promise<Entries> {
  const wanted = new Set(registry.family(kernelFamily(kernel)).map(({ type }) => type));
  const merged = new Map<string, Map<string, Entry>>();
  for (const item of items) {
    const content = typeof item === 'string' ? await readJsonFile(item) : item;
    const where = typeof item === 'string' ? item : 'the data';
    if (!isObject(content)) throw new InvalidFileError({ file: where, problems: [{ message: 'it is no object' }], hint: SHAPE_HINT });
    for (const [type, entries] of kernelsOf(kernel.type, content)) {
      if (!isObject(entries)) {
        throw new InvalidFileError({ file: where, problems: [{ key: type, message: 'must be { "<ID>": { … } }' }], hint: SHAPE_HINT });
      }
      if (!wanted.has(type)) {
        found.add(
          Object.keys(entries).map((id) => `${type} ${id}`),
          `of other kernels than those of the family ${kernelFamily(kernel)}, left out`,
        );
        continue;
      }
      const known = merged.get(type) ?? new Map<string, Entry>();
      merged.set(type, known);
      for (const [id, entry] of Object.entries(entries)) {
        if (isObject(entry)) known.set(id, { ...known.get(id), ...entry });
        else found.add([id], 'without content');
      }
    }
  }
  return merged;
}

/** A piece by kernel; one whose entries stand at its top is of the kernel that was asked for. */
function kernelsOf(kernelType: string, content: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  const entries = Object.entries(content);
  const isEntry = (value: unknown): boolean => isObject(value) && ('config' in value || 'latency' in value);
  return entries.length > 0 && entries.every(([, value]) => isEntry(value)) ? [[kernelType, content]] : entries;
}

function joinEntries(configs: Entries, latencies: Entries, registry: Registry, found: Findings): readonly LabelledConfig[] {
  const rows: LabelledConfig[] = [];
  for (const type of new Set([...configs.keys(), ...latencies.keys()])) {
    const kernel = registry.kernel(type);
    const labels = latencies.get(type) ?? new Map<string, Entry>();
    const own = configs.get(type) ?? new Map<string, Entry>();
    found.add(
      [...labels.keys()].filter((id) => !own.has(id)),
      `of ${type} with a latency but no configuration`,
    );
    for (const [id, { config }] of own) {
      const { latency } = labels.get(id) ?? {};
      const label = typeof latency === 'string' || typeof latency === 'number' ? parseLatency(latency) : undefined;
      const completed = completeConfig(kernel, config);
      const [problem] = configProblems(kernel, completed.config);
      if (latency === undefined) found.add([id], `of ${type} with a configuration but no latency`);
      else if (label === undefined || !Number.isFinite(label.latencyMs) || label.latencyMs <= 0)
        found.add([id], `of ${type} with a latency that is not a positive number of milliseconds`);
      else if (problem !== undefined) found.add([id], refused(type, problem));
      else {
        if (completed.note !== undefined) found.add([id], `of ${type} ${completed.note}`);
        rows.push({ id, kernel: type, config: completed.config as LabelledConfig['config'], ...label });
      }
    }
  }
  return rows;
}
