import { InvalidArgumentError } from '@nnm/core';
import { MAX_RIGHT_OFFSET, packNode, type TreeEnsemble } from '../predict/tree-ensemble.ts';

/** Collects the nodes of growing trees in pre-order. */
export class NodeWriter {
  private words: Int32Array<ArrayBuffer>;
  private floats: Float32Array<ArrayBuffer>;
  private readonly roots: number[] = [];
  private nodes = 0;

  /** @param expectedNodes - room made at the start; more is made as needed */
  constructor(expectedNodes = 1024) {
    this.words = new Int32Array(Math.max(2, expectedNodes * 2));
    this.floats = new Float32Array(this.words.buffer);
  }

  /** The next node written is the root of a new tree. */
  startTree(): void {
    this.roots.push(this.nodes);
  }

  /** Write a leaf; returns its index. */
  leaf(value: number): number {
    return this.push(value, 0);
  }

  /** Write an inner node whose right child is not known yet; returns its index. */
  split(feature: number, threshold: number): number {
    return this.push(threshold, packNode(feature, 0));
  }

  /** The next node written is the right child of this one. */
  continueRight(parent: number): void {
    const offset = this.nodes - parent;
    if (offset > MAX_RIGHT_OFFSET) {
      throw new InvalidArgumentError({ name: 'trees', expected: `smaller than ${MAX_RIGHT_OFFSET} nodes`, got: offset });
    }
    this.words[parent * 2 + 1] = packNode(this.words[parent * 2 + 1]!, offset);
  }

  /** The trees written so far. */
  finish(featureCount: number, base: number, scale: number): TreeEnsemble & { readonly words: Int32Array<ArrayBuffer> } {
    const words = this.words.slice(0, this.nodes * 2);
    return { featureCount, base, scale, roots: Int32Array.from(this.roots), words, floats: new Float32Array(words.buffer) };
  }

  /** The tree written last, as a view that is valid until the next node is written. */
  lastTree(featureCount: number): TreeEnsemble {
    const root = this.roots.at(-1) ?? 0;
    return { featureCount, base: 0, scale: 1, roots: Int32Array.of(root), words: this.words, floats: this.floats };
  }

  private push(float: number, word: number): number {
    const at = this.nodes * 2;
    if (at + 2 > this.words.length) {
      const grown = new Int32Array(this.words.length * 2);
      grown.set(this.words);
      this.words = grown;
      this.floats = new Float32Array(grown.buffer);
    }
    this.floats[at] = float;
    // An inner node must never look like a leaf (word 1 = 0): until its right child is known, feature 0 has offset 0, and nobody reads it.
    this.words[at + 1] = word;
    return this.nodes++;
  }
}
