import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type MeasuredModels, measureModels, type PipelineContext, type Stage } from '@nnm/builder';
import { assertImplement, graphHash, NnmError } from '@nnm/core';
import type { ProfileJob } from '@nnm/profiler';
import { explainFileError } from '@nnm/profiler';
import { UsageError } from '../errors.ts';
import { shortPath } from '../plugins/origin.ts';
import type { MeasuringSetup } from './stage-command.ts';
import type { StageItem } from './stage-files.ts';
import { graphOfItem, rowOfItem } from './stage-items.ts';
import type { StageRow } from './stage-row.ts';

/** What measuring files ended with. */
export interface ProfiledFiles {
  /** In the order of the items, with latency or error; those that the budget ended before are missing. */
  readonly rows: readonly StageRow[];
  readonly unmeasured: number;
  readonly environment: MeasuredModels['environment'];
}

/**
 * Measure configurations, graphs and models, each as it is.
 *
 * @param journalFile - with it, the same call carries on after it was stopped
 * @throws `UsageError` for models of another backend; core's `AbortedError`, `ImplementMismatchError`
 */
export async function* profileFiles(
  items: readonly StageItem[],
  setup: MeasuringSetup,
  context: PipelineContext,
  journalFile: string | undefined,
): Stage<ProfiledFiles> {
  const { registry, implement } = setup;
  const { id: backend } = setup.backend.backend;
  const kernels = [...new Set(items.flatMap(({ kernel }) => kernel ?? []))];
  assertImplement(
    kernels.map((type) => registry.kernel(type)),
    implement,
  );
  const taken = new Map<string, Set<string>>();
  const jobs: ProfileJob[] = [];
  const rows = new Map<string, StageRow>();
  for (const item of items) {
    const { kernel = '' } = item;
    const ids = taken.get(kernel) ?? new Set();
    taken.set(kernel, ids);
    const { model: _, ...row } = { ...rowOfItem(item, setup, ids), model: undefined };
    const id = kernels.length > 1 || kernels.length === 0 ? `${kernel}/${row.id}` : row.id;
    rows.set(id, { ...row, backend, implement: row.implement ?? implement });
    jobs.push(await jobOf(id, item, setup));
  }
  const name = kernels.length === 1 ? (kernels[0] as string) : 'models';
  const { records, environment, unmeasured } = yield* measureModels(name, jobs, context, {
    ...(journalFile !== undefined && { journalFile }),
  });
  const measured = [...rows].flatMap(([id, row]): readonly StageRow[] => {
    const record = records.get(id);
    if (record === undefined) return [];
    if (record.status === 'failed') return [{ ...row, error: record.error }];
    const { latencyMs, spreadMs, repeatabilityMs, flags } = record;
    return [
      {
        ...row,
        latencyMs,
        ...(spreadMs !== undefined && { spreadMs }),
        ...(repeatabilityMs !== undefined && { repeatabilityMs }),
        ...(flags.length > 0 && { flags }),
      },
    ];
  });
  return { rows: measured, unmeasured: unmeasured.length, environment };
}

async function jobOf(id: string, item: StageItem, setup: MeasuringSetup): Promise<ProfileJob> {
  const { backend } = setup.backend;
  if (item.kind === 'model') {
    if (item.backend !== undefined && item.backend !== backend.id) {
      throw new UsageError({
        message: `${shortPath(item.file)} is a model for ${item.backend}, not for ${backend.id}.`,
        hint: `Measure it with --backend ${item.backend}, or convert its graph again.`,
      });
    }
    const read = async (): Promise<Uint8Array> => {
      try {
        return await readFile(item.file);
      } catch (error) {
        throw explainFileError(error, item.file, 'read');
      }
    };
    return {
      id,
      hash: `m1-${createHash('sha256')
        .update(await read())
        .digest('hex')
        .slice(0, 16)}`,
      model: read,
    };
  }
  const model = async (): Promise<Uint8Array> => backend.convert(await graphOfItem(item, setup), setup.implement, 'part');
  return { id, hash: await hashOf(item, setup), model };
}

/** What cannot be built is found again, and told, when its turn comes to be measured. */
async function hashOf(item: StageItem, setup: MeasuringSetup): Promise<string> {
  try {
    const graph = await graphOfItem(item, setup);
    return graphHash(graph, { implement: setup.implement, batchSize: item.batchSize ?? setup.batchSize });
  } catch (error) {
    if (NnmError.isInstance(error) && item.kind === 'config' && error.code !== 'ERR_USAGE') return 'unbuilt';
    throw error;
  }
}
