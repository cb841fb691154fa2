import type { ModelGraph, ModelNode, ModelTensor } from '../../../graph/model-graph.ts';

/** Which node makes and which nodes read each value. */
export class ModelLinks {
  readonly makers = new Map<string, number>();
  readonly readers = new Map<string, number[]>();
  readonly outputs: ReadonlySet<string>;
  readonly tensors: ReadonlyMap<string, ModelTensor>;
  readonly nodes: readonly ModelNode[];

  constructor(units: readonly { readonly node: ModelNode }[], model: ModelGraph) {
    this.nodes = units.map(({ node }) => node);
    this.outputs = new Set(model.outputs);
    this.tensors = model.tensors;
    this.nodes.forEach((node, position) => {
      for (const name of node.outputs) if (name !== '') this.makers.set(name, position);
      for (const name of node.inputs) this.readers.set(name, [...(this.readers.get(name) ?? []), position]);
    });
  }
}

/** One try to find a function: the nodes that it has gone through. */
export class Match {
  private readonly found: Set<number>;

  constructor(
    private readonly links: ModelLinks,
    anchor: number,
  ) {
    this.found = new Set([anchor]);
  }

  get positions(): readonly number[] {
    return [...this.found];
  }

  /** The node that makes a value, when it is of this operator; it is then part of the function. */
  maker(name: string | undefined, ...operators: readonly string[]): ModelNode | undefined {
    const position = this.links.makers.get(name ?? '');
    const node = position === undefined ? undefined : this.links.nodes[position];
    if (node === undefined || !operators.includes(node.operator)) return undefined;
    this.found.add(position as number);
    return node;
  }

  /** The nodes that read a value, when all are of this operator; they are then part of the function. */
  readersOf(name: string, operator: string): readonly ModelNode[] | undefined {
    const positions = this.links.readers.get(name) ?? [];
    const nodes = positions.map((position) => this.links.nodes[position] as ModelNode);
    if (nodes.length === 0 || nodes.some((node) => node.operator !== operator)) return undefined;
    for (const position of positions) this.found.add(position);
    return nodes;
  }

  tensor(name: string | undefined): ModelTensor | undefined {
    return this.links.tensors.get(name ?? '');
  }

  isConstant(name: string | undefined): boolean {
    return this.tensor(name)?.constant ?? false;
  }

  /** The one element of a constant. */
  number(name: string | undefined): number | undefined {
    const { values } = this.tensor(name) ?? {};
    return values?.length === 1 ? values[0] : undefined;
  }

  /** True for a constant with one element near to a number. */
  isNear(name: string | undefined, wanted: number): boolean {
    const value = this.number(name);
    return value !== undefined && Math.abs(value - wanted) <= 1e-3 * Math.abs(wanted);
  }

  /** An input of a node with two, beside the one that `is` holds for; both orders are tried. */
  beside(node: ModelNode | undefined, is: (name: string) => boolean): string | undefined {
    const [a, b] = node?.inputs ?? [];
    if (a === undefined || b === undefined) return undefined;
    if (is(b)) return a;
    return is(a) ? b : undefined;
  }

  /** True when nobody outside reads what lies inside. */
  isClosed(outputs: readonly string[]): boolean {
    return this.positions.every((position) =>
      (this.links.nodes[position] as ModelNode).outputs.every(
        (name) =>
          outputs.includes(name) ||
          (!this.links.outputs.has(name) && (this.links.readers.get(name) ?? []).every((reader) => this.found.has(reader))),
      ),
    );
  }
}
