import type { ValueId } from '@nnm/core';

/** Names of nodes for values of a graph and what lies between them: the letters that TensorFlow allows, each name once. */
export class NodeNames {
  private readonly used = new Set<string>();

  /** A free name as near to `wanted` as there is. */
  free(wanted: ValueId): string {
    const letters = wanted.replace(/[^A-Za-z0-9_.\-/]/g, '_');
    const base = /^[A-Za-z]/.test(letters) ? letters : `value_${letters}`;
    let name = base;
    for (let number = 1; this.used.has(name); number++) name = `${base}_${number}`;
    this.used.add(name);
    return name;
  }
}
