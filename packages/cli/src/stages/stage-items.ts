import { kernelGraph, kernelId } from '@nnm/builder';
import type { Graph, KernelConfig } from '@nnm/core';
import { UsageError } from '../errors.ts';
import { shortPath } from '../plugins/origin.ts';
import type { MeasuringSetup } from './stage-command.ts';
import { readGraph, type StageItem } from './stage-files.ts';
import type { StageRow } from './stage-row.ts';

/** What is known of an item so far, as a row; configurations get their id. */
export function rowOfItem(item: StageItem, setup: Pick<MeasuringSetup, 'implement' | 'batchSize'>, taken: Set<string>): StageRow {
  const { kernel, mark, config, implement, batchSize, backend } = item;
  const known = {
    ...(kernel !== undefined && { kernel }),
    ...(mark !== undefined && { mark }),
    ...(config !== undefined && { config }),
    ...(backend !== undefined && { backend }),
    ...(implement !== undefined && { implement }),
    ...(batchSize !== undefined && { batchSize }),
  };
  if (item.kind !== 'config') return { id: item.id, ...known };
  const { type, config: whole } = configOfItem(item);
  return { id: kernelId(type, whole, setup, taken), ...known, implement: setup.implement, batchSize: setup.batchSize };
}

/** The kernel and configuration of an item that is neither graph nor model yet. @throws `UsageError` when it lacks one of them */
export function configOfItem(item: StageItem): { readonly type: string; readonly config: KernelConfig } {
  const { kernel, config, id } = item;
  if (kernel !== undefined && config !== undefined) return { type: kernel, config };
  throw new UsageError({
    message: `${id === undefined ? 'A row' : `The row ${id}`} has no configuration.`,
    hint: 'Give rows such as `nnm sample` writes.',
  });
}

/** The graph of an item. @throws core's `BlockError`, `InvalidFileError`, `FileAccessError`; `UsageError` for a converted model */
export async function graphOfItem(item: StageItem, setup: Pick<MeasuringSetup, 'registry' | 'batchSize'>): Promise<Graph> {
  if (item.kind === 'model')
    throw new UsageError({ message: `${shortPath(item.file)} is converted already.`, hint: 'Give graphs (.json), or configurations.' });
  if (item.kind === 'graph') return readGraph(item.file);
  const { type, config } = configOfItem(item);
  return kernelGraph(setup.registry.kernel(type), config, setup);
}

/** What the file of an item is called, without its ending. */
export function nameOfItem({ kernel, mark = 'given', id }: StageRow): string {
  return kernel === undefined ? id : `${kernel}_${mark}_${id}`;
}
