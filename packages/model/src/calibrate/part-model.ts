import { type AnyBackend, graphHash, type Implement } from '@nnm/core';
import type { DetectedKernel } from '../lift/lifted-model.ts';
import { reorderHash } from '../price/reorder-work.ts';

/** Changes when the same graph becomes another model: 2 for a softmax of the last of four axes, which has its rows together since. */
const VERSION = 2;

/** How the parts of models become models of their own. */
export interface PartMaking {
  readonly backend: AnyBackend;
  readonly implement: Implement;
  readonly batchSize: number;
}

/** A part of a model as a model of its own. */
export interface PartModel {
  /** Says what is measured: the part as it runs in a network, not as a model by itself. */
  readonly hash: string;
  readonly model: () => Uint8Array | Promise<Uint8Array>;
}

/** A part of a model as the backend times parts; undefined for a gap, and for a change of layout on a backend that makes none. */
export function partModel(
  { graph, reorder }: Pick<DetectedKernel, 'graph' | 'reorder'>,
  { backend, ...how }: PartMaking,
): PartModel | undefined {
  if (reorder !== undefined) {
    const bytes = backend.convertReorder?.(reorder);
    return bytes && { hash: reorderHash(reorder), model: () => bytes };
  }
  if (graph === undefined) return undefined;
  return { hash: `part${VERSION}-${graphHash(graph, how)}`, model: () => backend.convert(graph, how.implement, 'part') };
}
