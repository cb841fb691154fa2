import { dilatedSize, type Implement, resolveAxes, resolvePadding, type Shape } from '@nnm/core';
import { hasWindow } from './op-facts.ts';
import type { PartNode } from './part-node.ts';

/**
 * What a part computes, whatever its values are called: a text of operators, wiring and words, and all sizes in the order in which they
 * come. Two parts are the same when both are equal.
 */
export interface CanonicalForm {
  readonly text: string;
  readonly numbers: readonly number[];
}

/** What does not tell two parts apart. */
export interface CanonicalOptions {
  readonly implement: Implement;
  /** Ops whose padding counts by the size of their output only. */
  readonly freePadding: readonly string[];
  /** Ops that take as long with a bias as without. */
  readonly freeBias: readonly string[];
}

const COMMUTATIVE: ReadonlySet<string> = new Set(['add', 'mul', 'maximum', 'minimum']);

/** Numbers that change what an op computes and not how long it takes. The exponent of a power does: 2 is a product. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  batchNorm: ['epsilon'],
  clip: ['min', 'max'],
  elu: ['alpha'],
  groupNorm: ['epsilon'],
  instanceNorm: ['epsilon'],
  l2Normalize: ['epsilon'],
  layerNorm: ['epsilon'],
  leakyRelu: ['alpha'],
  pad: ['value'],
  rmsNorm: ['epsilon'],
};

/** The canonical form of ops whose results are `outputs`. */
export function canonicalForm(nodes: readonly PartNode[], outputs: readonly string[], options: CanonicalOptions): CanonicalForm {
  return new Writer(nodes, options).write(outputs);
}

class Writer {
  private readonly makers = new Map<string, PartNode>();
  private readonly numbers: number[] = [];
  private readonly names = new Map<string, string>();
  private readonly written = new Set<PartNode>();
  private readonly signatures = new Map<string, string>();
  private text = '';

  constructor(
    nodes: readonly PartNode[],
    private readonly options: CanonicalOptions,
  ) {
    for (const node of nodes) for (const name of node.op.outputs) this.makers.set(name, node);
  }

  write(outputs: readonly string[]): CanonicalForm {
    for (const name of outputs) this.visit(name);
    // The channels of what comes out: redundant, and where some keys show.
    for (const name of outputs) this.numbers.push(this.channelsOf(name));
    this.text += `=>${outputs.map((name) => this.names.get(name)).join()}`;
    return { text: this.text, numbers: this.numbers };
  }

  private channelsOf(name: string): number {
    const node = this.makers.get(name);
    return node?.outputShapes[node.op.outputs.indexOf(name)]?.at(-1) ?? 1;
  }

  /** Write the op that makes a value, after those that make what it reads. */
  private visit(name: string): void {
    const node = this.makers.get(name);
    if (node === undefined || this.written.has(node)) return;
    this.written.add(node);
    const { op, inputShapes, constantInputs } = node;
    const order = this.orderOf(node);
    for (const at of order) if (!constantInputs.includes(at)) this.visit(op.inputs[at] as string);
    const operands = order.map((at) => this.operand(op.inputs[at] as string, inputShapes[at] as Shape, constantInputs.includes(at)));
    this.text += `${op.op}${this.attributes(node)}(${operands.join()});`;
    for (const output of op.outputs) this.names.set(output, `v${this.names.size}`);
  }

  private operand(name: string, shape: Shape, isConstant: boolean): string {
    const known = this.names.get(name);
    if (known !== undefined && !isConstant) return known;
    this.numbers.push(...shape);
    if (isConstant) return `c:${shape.length}`;
    const given = `i${this.names.size}`;
    this.names.set(name, given);
    return `${given}:${shape.length}`;
  }

  /** Positions of inputs; those of sums and products in an order that does not depend on how they are written. */
  private orderOf({ op, constantInputs }: PartNode): readonly number[] {
    const positions = op.inputs.map((_, at) => at);
    if (!COMMUTATIVE.has(op.op)) return positions;
    const keys = op.inputs.map((name, at) => (constantInputs.includes(at) ? '' : this.signature(name)));
    return positions.sort((a, b) =>
      (keys[a] as string) < (keys[b] as string) ? 1 : (keys[a] as string) > (keys[b] as string) ? -1 : a - b,
    );
  }

  /** What a value is made by. */
  private signature(name: string): string {
    const known = this.signatures.get(name);
    if (known !== undefined) return known;
    const node = this.makers.get(name);
    const made = node === undefined ? 'i' : `${node.op.op}(${node.op.inputs.map((input) => this.signature(input)).join()})`;
    this.signatures.set(name, made);
    return made;
  }

  private attributes(node: PartNode): string {
    const { op, outputShapes } = node;
    const values = VALUES[op.op] ?? [];
    let text = '';
    for (const key of Object.keys(op).sort()) {
      if (key === 'op' || key === 'inputs' || key === 'outputs') continue;
      const value = (op as unknown as Readonly<Record<string, unknown>>)[key];
      if (
        value === undefined ||
        key === 'axis' ||
        key === 'axes' ||
        key === 'dilation' ||
        key === 'depthMultiplier' ||
        (key === 'sizes' && op.op === 'split')
      )
        continue;
      // Whether the one pixel that is left has axes of its own is a matter of names.
      if (key === 'keepDims' && op.op === 'globalAvgPool') continue;
      if (key === 'useBias' && this.options.freeBias.includes(op.op)) continue;
      if (key === 'padding') text += this.padding(node);
      // Which slices are taken is a matter of values, how many one of work.
      else if (key === 'indices') text += `indices${this.value((value as readonly number[]).length)}`;
      else if (key === 'shape' && op.op === 'reshape') text += this.value(outputShapes[0]);
      else text += `${key}${values.includes(key) ? '' : this.value(value)}`;
    }
    // What is absent where it is 1 counts as 1.
    if (hasWindow(op) && op.op !== 'maxPool' && op.op !== 'avgPool') text += this.value(op.dilation ?? [1, 1]);
    if (op.op === 'pow') text += `^${node.exponent ?? ''}`;
    const axes = axesOf(node);
    if (axes !== undefined) text += `axes${this.value(axes)}`;
    // Depthwise layers and splits in equal parts have their sizes in their outputs.
    if (op.op === 'depthwiseConv2d' || op.op === 'split') text += this.value(outputShapes.map((shape) => [...shape]));
    return text === '' ? text : `{${text}}`;
  }

  /** Where pixels are put, or where that is free how large the output is. */
  private padding({ op, inputShapes, outputShapes }: PartNode): string {
    const [, height, width] = outputShapes[0] as Shape;
    this.numbers.push(height as number, width as number);
    if (!hasWindow(op) || this.options.freePadding.includes(op.op)) return 'p';
    const [, h, w] = inputShapes[0] as Shape;
    const size = [h as number, w as number] as const;
    const { top, bottom, left, right } = resolvePadding(
      op.padding,
      this.options.implement,
      size,
      dilatedSize(op.kernelSize, op.dilation),
      op.strides,
    );
    this.numbers.push(top, bottom, left, right);
    return 'pixels';
  }

  private value(value: unknown): string {
    if (typeof value === 'number') {
      this.numbers.push(value);
      return '#';
    }
    if (Array.isArray(value)) return `[${value.map((item) => this.value(item)).join('')}]`;
    return String(value);
  }
}

/** Axes counted from the front: of the output for ops that add one; the last where none is given. */
function axesOf({ op, inputShapes, outputShapes }: PartNode): readonly number[] | undefined {
  const rank = (op.op === 'expandDims' || op.op === 'pack' ? outputShapes[0] : inputShapes[0])?.length ?? 0;
  if ('axes' in op) return resolveAxes(op.axes, rank);
  if (op.op === 'concat' || op.op === 'split') return resolveAxes([op.axis ?? -1], rank);
  return 'axis' in op ? resolveAxes([op.axis as number], rank) : undefined;
}
