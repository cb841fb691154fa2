import type { ModelGraph, ModelNode } from '../../graph/model-graph.ts';

/** One name for each value that nodes which do nothing have given several. */
export class Renames {
  private readonly names = new Map<string, string>();
  private readonly kept: ReadonlySet<string>;

  constructor(private readonly model: ModelGraph) {
    this.kept = new Set([...model.inputs, ...model.outputs]);
  }

  /** The output of a node that does nothing is its input; of the two, an output of the model keeps its name. */
  join(output: string, input: string): void {
    const root = this.nameOf(input);
    const isFree = !this.kept.has(root) && !this.model.tensors.get(root)?.constant;
    if (this.kept.has(output) && isFree) this.names.set(root, output);
    else this.names.set(output, root);
  }

  nameOf(name: string): string {
    const next = this.names.get(name);
    return next === undefined ? name : this.nameOf(next);
  }

  apply(node: ModelNode): ModelNode {
    return { ...node, inputs: node.inputs.map((name) => this.nameOf(name)), outputs: node.outputs.map((name) => this.nameOf(name)) };
  }
}
