import { decodeBase64 } from './base64.ts';
import { LANE_WALK_MODULE } from './generated/lane-walk-module.ts';
import { LANES, type RowGroups } from './row-groups.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

/** Nodes of a tree that the walk can count: it keeps the way to a right child in 18 bits, one of them a sign. */
const MOST_NODES = 2 ** 17;
const PAGE_BYTES = 65_536;

/** What assembly/lane-walk.ts exports. */
interface LaneWalk {
  readonly memory: WebAssembly.Memory;
  addTree(
    words: number,
    nodeCount: number,
    nodes: number,
    codes: number,
    columns: number,
    groupCount: number,
    groups: number,
    bundles: number,
    sums: number,
  ): void;
}

/** Started once and kept, with the memory of the largest batch so far; null where it cannot be started. */
let started: LaneWalk | null | undefined;

/** True when {@link addTreesInLanes} can walk these trees: none is huge, and WebAssembly may be used. */
export function canWalkInLanes(ensemble: TreeEnsemble): boolean {
  return largestTree(ensemble) <= MOST_NODES && startLaneWalk() !== null;
}

/**
 * Add every tree's leaf value of each row to `sums`, with few unpredictable branches.
 *
 * Whether a row goes left or right is a coin toss for the processor's branch predictor, and a wrong guess costs more than the comparison. So
 * the comparison of two codes selects the step to the child, and eight rows walk together to hide the latency of memory. Where the ranges of
 * the features say that 64 or 8 rows all go the same way, they take the step as one: with rows in a good order that is half of the way.
 *
 * @param sums - one per row of `rows`, those that fill up the last group included
 */
export function addTreesInLanes(ensemble: TreeEnsemble, { codes, columns, rows, groups, bundles }: RowGroups, sums: Float64Array): void {
  const { memory, addTree } = startLaneWalk() as LaneWalk;
  let end = 0;
  const place = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / 8) * 8;
    return start;
  };
  const treeBytes = 8 * largestTree(ensemble);
  const at = {
    sums: place(sums.byteLength),
    words: place(treeBytes),
    nodes: place(treeBytes),
    codes: place(codes.byteLength),
    groups: place(groups.byteLength),
    bundles: place(bundles.byteLength),
  };
  const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES);
  if (missing > 0) memory.grow(missing);
  const integers = new Int32Array(memory.buffer);
  integers.set(codes, at.codes / 4);
  integers.set(groups, at.groups / 4);
  integers.set(bundles, at.bundles / 4);
  const added = new Float64Array(memory.buffer, at.sums, sums.length);
  added.set(sums);
  for (let tree = 0; tree < ensemble.roots.length; tree++) {
    const [first, last] = treeRange(ensemble, tree);
    integers.set(ensemble.words.subarray(2 * first, 2 * last), at.words / 4);
    addTree(at.words, last - first, at.nodes, at.codes, columns, rows / LANES, at.groups, at.bundles, at.sums);
  }
  sums.set(added);
}

function startLaneWalk(): LaneWalk | null {
  started ??= instantiate();
  return started;
}

function instantiate(): LaneWalk | null {
  if (typeof WebAssembly === 'undefined') return null;
  try {
    const module = new WebAssembly.Module(decodeBase64(LANE_WALK_MODULE) as Uint8Array<ArrayBuffer>);
    return new WebAssembly.Instance(module).exports as unknown as LaneWalk;
  } catch (error) {
    // A page's content security policy may forbid it.
    if (error instanceof WebAssembly.CompileError) return null;
    throw error;
  }
}

function largestTree(ensemble: TreeEnsemble): number {
  let largest = 0;
  for (let tree = 0; tree < ensemble.roots.length; tree++) {
    const [first, last] = treeRange(ensemble, tree);
    largest = Math.max(largest, last - first);
  }
  return largest;
}

/** Indices of a tree's first node and of the one after its last. */
function treeRange({ roots, words }: TreeEnsemble, tree: number): readonly [number, number] {
  return [roots[tree]!, roots[tree + 1] ?? words.length / 2];
}
