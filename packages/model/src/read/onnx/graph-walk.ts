import { countElements, type ReferenceValue, type Shape } from '@nnm/core';
import type { AttributeValue, ElementType, ModelGraph, ModelNode, ModelTensor } from '../../graph/model-graph.ts';
import { Contradiction, type NodeScope, NodeView, Unsayable } from '../../lift/onnx/node-view.ts';
import { ruleOf } from '../../lift/onnx/rules/index.ts';
import { inferNode } from '../../lift/onnx/say-node.ts';
import { expandFused } from './expand-fused.ts';
import { foldValues, MOST_VALUES } from './fold-values.ts';
import { inlineBranch, inlineFunction, nodeCaptures } from './inline.ts';
import type { OnnxAttribute, OnnxFunction, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './onnx-model.ts';
import type { PinnedInputs } from './pin-inputs.ts';
import type { FailFile } from './wire-reader.ts';

/** Nodes after functions and branches are written out, which may use each other. */
const MOST_NODES = 200_000;
const MOST_INLINED_DEPTH = 50;

/** What runs anew each time, or as it stands, though all its inputs are constant. */
const NEVER_FOLDED = /^(Random|Bernoulli|Multinomial|If$|Loop$|Scan$|QuantizeLinear$|DequantizeLinear$)|::/;

/** Reads the nodes of a graph one after another: shapes, folded constants, functions written out. */
export class GraphWalk implements NodeScope {
  readonly tensors = new Map<string, ModelTensor>();
  readonly opsets: Readonly<Record<string, number>>;
  private readonly nodes: ModelNode[] = [];
  private readonly nodeNames = new Set<string>();
  private readonly told: ReadonlyMap<string, OnnxValue>;
  private readonly functions: ReadonlyMap<string, OnnxFunction>;
  /** Of the main graph's nodes in the file. */
  private readonly positions: ReadonlyMap<OnnxNode, number>;
  private visited = 0;
  /** Of the node of the main graph that is being added, with all that is written out of it. */
  private viewerId = '';

  constructor(
    model: OnnxModel,
    private readonly inputs: PinnedInputs,
    private readonly fail: FailFile,
  ) {
    this.opsets = model.opsets;
    this.positions = new Map(model.graph.nodes.map((node, position) => [node, position]));
    this.told = new Map([...model.graph.valueInfos, ...model.graph.outputs].map((value) => [value.name, value]));
    this.functions = new Map(model.functions.map((local) => [qualified(local.domain, local.name), local]));
    for (const tensor of inputs.tensors) this.tensors.set(tensor.name, tensor);
  }

  addConstants(tensors: readonly OnnxTensor[]): void {
    for (const { name, shape, dtype, values } of tensors) {
      this.tensors.set(name, { name, shape, dtype, constant: true, ...(values !== undefined && { values }) });
    }
  }

  addNodes(nodes: readonly OnnxNode[], depth = 0): void {
    if (depth > MOST_INLINED_DEPTH) this.fail(`has functions in functions, more than ${MOST_INLINED_DEPTH} deep`);
    for (const node of nodes) {
      if (++this.visited > MOST_NODES) this.fail(`has more than ${MOST_NODES} nodes once its functions are written out`);
      if (depth === 0) this.viewerId = node.name || `<node_${this.positions.get(node)}>`;
      this.addNode(node, depth);
    }
  }

  /** Nodes that the outputs need, with every tensor they mention. */
  reachable(outputs: readonly string[]): Pick<ModelGraph, 'nodes' | 'tensors'> {
    const needed = new Set(outputs);
    const nodes: ModelNode[] = [];
    for (const node of [...this.nodes].reverse()) {
      if (!node.outputs.some((name) => needed.has(name))) continue;
      nodes.push(node);
      for (const name of node.inputs) needed.add(name);
    }
    nodes.reverse();
    const mentioned = [
      ...this.inputs.tensors.map(({ name }) => name),
      ...outputs,
      ...nodes.flatMap((node) => [...node.inputs, ...node.outputs]),
    ];
    const tensors = new Map<string, ModelTensor>();
    for (const name of mentioned) {
      if (name !== '') tensors.set(name, this.tensors.get(name) ?? this.fail(`has the output "${name}", which nothing makes`));
    }
    return { nodes, tensors };
  }

  private addNode(node: OnnxNode, depth: number): void {
    const operator = qualified(node.domain, node.operator);
    const local = this.functions.get(operator);
    const named = { ...node, name: this.uniqueName(node) };
    const branch = operator === 'If' ? this.takenBranch(named) : undefined;
    const fused = expandFused(named);
    if (local !== undefined) this.addNodes(inlineFunction(named, local), depth + 1);
    else if (fused !== undefined) this.addNodes(fused, depth + 1);
    else if (operator === 'Constant') this.addConstantNode(named);
    else if (branch !== undefined) {
      const part = inlineBranch(named, branch);
      this.addConstants(part.initializers);
      this.addNodes(part.nodes, depth + 1);
    } else this.addPlainNode(named, operator);
  }

  private addPlainNode(node: OnnxNode, operator: string): void {
    const inputs = [...node.inputs, ...nodeCaptures(node)];
    for (const name of inputs) {
      if (name !== '' && !this.tensors.has(name))
        this.fail(`has the ${operator} "${node.name}", which uses "${name}", and nothing defines that before`);
    }
    const viewer = this.viewerId === node.name ? {} : { viewerId: this.viewerId };
    const attributes = toAttributes(node.attributes);
    this.addModelNode({ name: node.name, ...viewer, operator, attributes, inputs, outputs: node.outputs }, node);
  }

  private uniqueName({ name, operator }: OnnxNode): string {
    let unique = name === '' ? `${operator}_${this.visited}` : name;
    while (this.nodeNames.has(unique)) unique = `${unique}_`;
    this.nodeNames.add(unique);
    return unique;
  }

  private addConstantNode({ attributes, outputs, name }: OnnxNode): void {
    const [kind, attribute] = [...attributes][0] ?? this.fail(`has the Constant "${name}" without a value`);
    const tensor = attribute.kind === 'tensor' ? attribute.tensor : listed(kind, attribute);
    this.addConstants(outputs.map((output) => ({ ...tensor, name: output })));
  }

  private takenBranch(node: OnnxNode) {
    const [condition] = this.tensors.get(node.inputs[0] ?? '')?.values ?? [];
    if (condition === undefined) return undefined;
    const attribute = node.attributes.get(condition !== 0 ? 'then_branch' : 'else_branch');
    return attribute?.kind === 'graph' ? attribute.graph : undefined;
  }

  private addModelNode(node: ModelNode, source: OnnxNode): void {
    try {
      const shapes = inferNode(node, this);
      if (this.foldNode(node, source, shapes)) return;
      const isConstant = this.isConstant(node) && shapes[0] !== undefined;
      if (!isConstant) this.nodes.push(node);
      const types = this.typesOf(node);
      node.outputs.forEach((name, index) => {
        if (name === '') return;
        const shape = this.checkedShape(name, shapes[index]);
        this.tensors.set(name, { name, dtype: types[index] ?? 'other', constant: isConstant, ...(shape !== undefined && { shape }) });
      });
    } catch (error) {
      if (error instanceof Contradiction) this.fail(`has ${error.message}`);
      throw error;
    }
  }

  private isConstant({ operator, inputs }: ModelNode): boolean {
    const given = inputs.filter((name) => name !== '');
    return given.length > 0 && !NEVER_FOLDED.test(operator) && given.every((name) => this.tensors.get(name)?.constant);
  }

  /** True when the elements of its outputs are known: they are constants, and it is not a node of the model. */
  private foldNode(node: ModelNode, source: OnnxNode, shapes: readonly (Shape | undefined)[]): boolean {
    const view = new NodeView(node, this, 'plain');
    const folded = this.foldSizes(view) ?? this.tryFold(view, shapes);
    if (folded === undefined) return false;
    const types = node.operator === 'ConstantOfShape' ? [filledType(source)] : this.typesOf(node);
    folded.forEach(({ shape, data }, index) => {
      const name = node.outputs[index] ?? '';
      if (name !== '')
        this.tensors.set(name, {
          name,
          shape,
          dtype: types[index] ?? 'other',
          constant: true,
          ...(data.length === countElements(shape) && { values: [...data] }),
        });
    });
    return true;
  }

  private tryFold(view: NodeView, shapes: readonly (Shape | undefined)[]): readonly ReferenceValue[] | undefined {
    try {
      return foldValues(view, shapes);
    } catch (error) {
      if (error instanceof Unsayable) return undefined;
      throw error;
    }
  }

  /** Operators that turn shapes into values and back. */
  private foldSizes(view: NodeView): readonly ReferenceValue[] | undefined {
    const tensor = view.tensor(0);
    switch (view.operator) {
      case 'Shape': {
        const sizes = tensor?.shape?.slice(view.number('start', 0), view.number('end', undefined));
        return sizes && [{ shape: [sizes.length], data: Float64Array.from(sizes) }];
      }
      case 'Size':
        return tensor?.shape && [{ shape: [], data: Float64Array.of(countElements(tensor.shape)) }];
      case 'ConstantOfShape': {
        if (tensor?.values === undefined) return undefined;
        const count = countElements(tensor.values);
        const value = view.ints('value')?.[0] ?? 0;
        return [{ shape: tensor.values, data: new Float64Array(count <= MOST_VALUES ? count : 0).fill(value) }];
      }
      default:
        return undefined;
    }
  }

  private typesOf(node: ModelNode): readonly ElementType[] {
    const said = ruleOf(node.operator)?.types?.(new NodeView(node, this, 'plain')) ?? [];
    const first = node.inputs.map((name) => this.tensors.get(name)?.dtype).find((type) => type !== undefined);
    return node.outputs.map((name, index) => said[index] ?? this.told.get(name)?.dtype ?? first ?? 'other');
  }

  /** The inferred shape, which must not contradict what the file says; else the file's, where it is complete. */
  private checkedShape(name: string, inferred: Shape | undefined): Shape | undefined {
    const told = this.told.get(name)?.shape?.map((size) => (typeof size === 'string' ? this.inputs.sizes.get(size) : size));
    if (inferred === undefined) return told?.every((size) => size !== undefined) ? (told as Shape) : undefined;
    if (
      told !== undefined &&
      (told.length !== inferred.length || told.some((size, axis) => size !== undefined && size !== inferred[axis]))
    ) {
      this.fail(
        `says that "${name}" is [${told.map((size) => size ?? '?').join(', ')}], but its nodes make [${inferred.join(', ')}] of it`,
      );
    }
    return inferred;
  }
}

/** A constant that is given as a number, a text or a list of them. */
function listed(kind: string, attribute: OnnxAttribute): OnnxTensor {
  const value = attribute.kind === 'value' ? attribute.value : [];
  const values = [value].flat();
  const numbers = values.filter((item) => typeof item === 'number');
  return {
    name: '',
    shape: Array.isArray(value) ? [values.length] : [],
    dtype: kind.startsWith('value_float') ? 'float32' : kind.startsWith('value_int') ? 'int64' : 'string',
    ...(numbers.length === values.length && numbers.length <= MOST_VALUES && { values: numbers }),
  };
}

/** Element type that `ConstantOfShape` fills with. */
function filledType({ attributes }: OnnxNode): ElementType {
  const value = attributes.get('value');
  return value?.kind === 'tensor' ? value.tensor.dtype : 'float32';
}

const qualified = (domain: string, operator: string): string => (domain === '' ? operator : `${domain}::${operator}`);

/** Attributes as a model graph has them: of a constant its few elements, of a graph the names of its operators. */
function toAttributes(attributes: ReadonlyMap<string, OnnxAttribute>): Readonly<Record<string, AttributeValue>> {
  const entries = [...attributes].flatMap(([name, attribute]): [string, AttributeValue][] => {
    switch (attribute.kind) {
      case 'value':
        return [[name, attribute.value]];
      case 'tensor':
        return attribute.tensor.values === undefined ? [] : [[name, attribute.tensor.values]];
      case 'graph':
        return [[name, attribute.graph.nodes.map((node) => qualified(node.domain, node.operator))]];
      default:
        return [];
    }
  });
  return Object.fromEntries(entries);
}
