import type { NnmErrorInit } from '../errors/index.ts';
import type { ForestTask, GrownTree } from '../regression/forest-task.ts';

/** What a thread that grows trees is started with. */
export interface ForestThreadStart {
  readonly task: ForestTask;
  /** In memory that all threads share: the number of the next tree that nobody has taken. */
  readonly next: Int32Array;
}

/** What it sends: every tree as soon as it is grown, or why one cannot be. */
export type ForestThreadMessage = { readonly grown: GrownTree } | { readonly failed: NnmErrorInit };
