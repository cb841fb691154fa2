import type { Rng } from '@nnm/core';
import type { ColumnTable } from './column-table.ts';
import type { NodeWriter } from './node-writer.ts';

/** How a single tree grows; counts are of distinct rows, as in scikit-learn. */
export interface GrowthLimits {
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly minSamplesSplit: number;
  /** Features drawn for each split. */
  readonly featuresPerSplit: number;
  /** Added to the weight of a leaf: shrinks the values of small leaves towards 0. */
  readonly l2: number;
}

/** Rows `[start, end)` of every order but those of columns that are constant in them, still to become a subtree. */
interface Pending {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  /** Node whose right child this is, or -1. */
  readonly parent: number;
  /** Column by which the parent was split; where the node's rows are sure to be. */
  readonly column: number;
  readonly weight: number;
  readonly sum: number;
}

/**
 * Grows CART regression trees (least squares, exact splits) over one table.
 *
 * Rows are kept sorted by every feature through all levels: a split marks the rows that go left and partitions each order stably, so a
 * level costs rows × features and nothing is sorted again. Keeps its scratch memory between trees; a tree depends only on the arguments.
 */
export class TreeGrower {
  private readonly order: Int32Array;
  private readonly spare: Int32Array;
  private readonly goesLeft: Uint8Array;
  private readonly candidates: Int32Array;
  /** Of row `r`: its weight at `2 * r`, its weight times its target after that. */
  private readonly sums: Float64Array;

  constructor(private readonly table: ColumnTable) {
    this.order = new Int32Array(table.rows * table.columns);
    this.spare = new Int32Array(table.rows);
    this.goesLeft = new Uint8Array(table.rows);
    this.candidates = Int32Array.from({ length: table.columns }, (_, column) => column);
    this.sums = new Float64Array(table.rows * 2);
  }

  /**
   * Grow one tree and write it.
   *
   * @param targets - one per row of the table
   * @param weights - one per row, >= 0; rows with weight 0 take no part
   */
  grow(targets: Float64Array, weights: Float64Array, limits: GrowthLimits, rng: Rng, writer: NodeWriter): void {
    const { rows, columns, sorted, values } = this.table;
    const { order, sums, candidates, goesLeft: takesPart } = this;
    for (let row = 0; row < rows; row++) takesPart[row] = weights[row]! > 0 ? 1 : 0;
    let count = 0;
    for (let column = 0; column < columns; column++) {
      candidates[column] = column;
      count = 0;
      for (let i = column * rows; i < (column + 1) * rows; i++) {
        const row = sorted[i]!;
        order[column * rows + count] = row;
        count += takesPart[row]!;
      }
    }
    let totalWeight = 0;
    let totalSum = 0;
    for (let row = 0; row < rows; row++) {
      sums[row * 2] = weights[row]!;
      sums[row * 2 + 1] = weights[row]! * targets[row]!;
      totalWeight += weights[row]!;
      totalSum += sums[row * 2 + 1]!;
    }
    takesPart.fill(0);
    writer.startTree();
    const stack: Pending[] = [{ start: 0, end: count, depth: 0, parent: -1, column: 0, weight: totalWeight, sum: totalSum }];
    const { l2, minSamplesLeaf } = limits;
    const smallestSplit = Math.max(limits.minSamplesSplit, 2 * minSamplesLeaf, 2);
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const { start, end, depth, weight, sum } = node;
      if (node.parent >= 0) writer.continueRight(node.parent);
      const size = end - start;
      if (size < smallestSplit || depth >= limits.maxDepth || this.isPure(targets, node.column * rows + start, node.column * rows + end)) {
        writer.leaf(sum / (weight + l2));
        continue;
      }
      let bestScore = -1;
      let bestColumn = -1;
      let bestAt = 0;
      let bestWeight = 0;
      let bestSum = 0;
      let visited = 0;
      let informative = 0;
      for (let undrawn = columns; undrawn > 0 && (visited < limits.featuresPerSplit || informative === 0); undrawn--) {
        const drawn = limits.featuresPerSplit < columns ? Math.floor(rng.float() * undrawn) : undrawn - 1;
        const column = candidates[drawn]!;
        candidates[drawn] = candidates[undrawn - 1]!;
        candidates[undrawn - 1] = column;
        visited++;
        const first = column * rows + start;
        const last = column * rows + end - 1;
        const offset = column * rows;
        if (!(values[offset + order[first]!]! < values[offset + order[last]!]!)) continue;
        informative++;
        if (size === 2 && bestColumn >= 0) continue;
        let leftWeight = 0;
        let leftSum = 0;
        const lastStart = last + 1 - minSamplesLeaf;
        const firstStart = first + minSamplesLeaf;
        for (let i = first + 1; i <= lastStart; i++) {
          const previous = order[i - 1]!;
          leftWeight += sums[previous * 2]!;
          leftSum += sums[previous * 2 + 1]!;
          const rightSum = sum - leftSum;
          const left = leftWeight + l2;
          const right = weight - leftWeight + l2;
          // leftSum² / left + rightSum² / right, divided out only when it is a new best.
          const numerator = leftSum * leftSum * right + rightSum * rightSum * left;
          if (numerator > bestScore * left * right) {
            // Seldom reached, so that values that repeat cost neither a look nor a branch that cannot be foreseen.
            if (i < firstStart || values[offset + order[i]!]! === values[offset + previous]!) continue;
            bestScore = numerator / (left * right);
            bestColumn = column;
            bestAt = i;
            bestWeight = leftWeight;
            bestSum = leftSum;
          }
        }
      }
      if (bestColumn < 0) {
        writer.leaf(sum / (weight + l2));
        continue;
      }
      const below = values[bestColumn * rows + order[bestAt - 1]!]!;
      const above = values[bestColumn * rows + order[bestAt]!]!;
      const middle = Math.fround(below / 2 + above / 2);
      const self = writer.split(bestColumn, middle < above && middle >= below ? middle : below);
      if (size === 2) {
        // Half of all splits part two rows: their leaves can be written at once.
        writer.leaf(bestSum / (bestWeight + l2));
        writer.continueRight(self);
        writer.leaf((sum - bestSum) / (weight - bestWeight + l2));
        continue;
      }
      const cut = bestAt - bestColumn * rows;
      this.partition(bestColumn, start, cut, end);
      stack.push(
        { start: cut, end, depth: depth + 1, parent: self, column: bestColumn, weight: weight - bestWeight, sum: sum - bestSum },
        { start, end: cut, depth: depth + 1, parent: -1, column: bestColumn, weight: bestWeight, sum: bestSum },
      );
    }
  }

  private isPure(targets: Float64Array, start: number, end: number): boolean {
    const { order } = this;
    const target = targets[order[start]!];
    for (let i = start + 1; i < end; i++) if (targets[order[i]!] !== target) return false;
    return true;
  }

  /** Put the rows of `[start, cut)` of the split column first in every column, keeping each column's order on both sides. */
  private partition(splitColumn: number, start: number, cut: number, end: number): void {
    const { order, goesLeft, spare } = this;
    const { rows, columns, values } = this.table;
    for (let i = splitColumn * rows + start; i < splitColumn * rows + cut; i++) goesLeft[order[i]!] = 1;
    for (let column = 0; column < columns; column++) {
      const offset = column * rows;
      // A column that is constant here stays so below: nobody looks at more than its values, and those are right already.
      if (column === splitColumn || !(values[offset + order[offset + start]!]! < values[offset + order[offset + end - 1]!]!)) continue;
      let left = offset + start;
      let right = 0;
      for (let i = offset + start; i < offset + end; i++) {
        // Written to both sides and kept on one: which side is a coin toss that a branch would lose.
        const row = order[i]!;
        const isLeft = goesLeft[row]!;
        order[left] = row;
        spare[right] = row;
        left += isLeft;
        right += 1 - isLeft;
      }
      for (let i = 0; i < right; i++) order[left + i] = spare[i]!;
    }
    for (let i = splitColumn * rows + start; i < splitColumn * rows + cut; i++) goesLeft[order[i]!] = 0;
  }
}
