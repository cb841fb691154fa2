import type { AnyKernel } from '@nnm/core';
import type { DetectedKernel, LiftedModel, LiftedOp } from '../lift/lifted-model.ts';
import { blockedValues } from './blocked-values.ts';
import { findParts, type Part } from './find-parts.ts';
import { findSpans, searchedModel } from './find-spans.ts';
import type { FusionRules } from './fusion-rules.ts';
import { type ModelValues, modelValues } from './model-values.ts';
import { nearestKernel } from './nearest-kernel.ts';
import { partGraph } from './part-graph.ts';
import type { PartNode } from './part-node.ts';
import { type Match, Recogniser, type RecogniserView } from './recognise.ts';

/**
 * Group a model into the parts that a runtime runs as one, and name the kernel that each is.
 *
 * Kernels with the largest graphs are looked for first and may be made of several parts, which then count as one; a part that is no kernel
 * keeps its graph and has no match.
 *
 * @param rules - of the runtime
 * @param kernels - that parts may be; a {@link Recogniser} of them where many models are looked at
 * @param mayJoin - which kernels may be made of several parts: where nothing is known of one, its parts say more. Default: all
 * @returns in the order in which the parts end; every op of the model is in exactly one
 */
export function detectKernels(
  lifted: LiftedModel,
  rules: FusionRules,
  kernels: readonly AnyKernel[] | Recogniser,
  mayJoin: (kernel: AnyKernel) => boolean = () => true,
): readonly DetectedKernel[] {
  const recogniser = kernels instanceof Recogniser ? kernels : new Recogniser(kernels);
  const view = recogniser.view(lifted, rules);
  const values = modelValues(lifted);
  const parts = findParts(lifted, rules, values, blockedValues(lifted, rules).ops);
  const { large, rest } = joinParts(lifted, parts, values, view, mayJoin);
  const named = [...large, ...rest.map((part): DetectedKernel => nameOne(lifted, part, values, view, rules))];
  return named.sort((a, b) => (a.ops.at(-1) as number) - (b.ops.at(-1) as number));
}

function nameOne(lifted: LiftedModel, part: Part, values: ModelValues, view: RecogniserView, rules: FusionRules): DetectedKernel {
  const [first] = part;
  const gap = lifted.ops[first as number]?.gap;
  if (gap !== undefined) return { ops: part, gap };
  const graph = partGraph(lifted, part, values);
  const match = recognise(lifted, part, values, view);
  if (match !== undefined) return { ops: part, graph, match };
  const nearest = nearestKernel(part, (head, change) => recognise(lifted, head, values, view, change), lifted, rules);
  return { ops: part, graph, ...(nearest !== undefined && { nearest }) };
}

function recognise(
  lifted: LiftedModel,
  part: Part,
  values: ModelValues,
  view: RecogniserView,
  change: (node: PartNode) => PartNode = (node) => node,
): Match | undefined {
  const nodes = part.map((position) => change(nodeAt(lifted, position)));
  const members = new Set(part);
  const isRead = (name: string): boolean =>
    values.outputs.has(name) || !values.readers.has(name) || (values.readers.get(name) ?? []).some((reader) => !members.has(reader));
  const outputs = nodes.flatMap(({ op }) => op.outputs.filter(isRead));
  return view.recognise(nodes, outputs, () => partGraph(lifted, part, values));
}

function nodeAt({ ops, model }: LiftedModel, position: number): PartNode {
  const op = ops[position] as LiftedOp;
  if (op.op.op !== 'pow') return op;
  const values = model.tensors.get(op.op.inputs[1] as string)?.values;
  return { ...op, exponent: values?.length === 1 ? values[0] : undefined };
}

/** Kernels of several ops, each made of whole parts; the largest first. */
function joinParts(
  lifted: LiftedModel,
  parts: readonly Part[],
  values: ModelValues,
  view: RecogniserView,
  mayJoin: (kernel: AnyKernel) => boolean,
): { readonly large: readonly DetectedKernel[]; readonly rest: readonly Part[] } {
  const model = searchedModel(lifted, values);
  const partOf = new Map(parts.flatMap((part) => part.map((position): [number, Part] => [position, part])));
  const joined = new Set<Part>();
  const large: DetectedKernel[] = [];
  for (const pattern of view.patterns) {
    if (!mayJoin(pattern.kernel)) continue;
    for (const span of findSpans(pattern, model)) {
      const whole = [...new Set(span.map((position) => partOf.get(position) as Part))];
      if (whole.some((part) => joined.has(part)) || whole.reduce((sum, part) => sum + part.length, 0) !== span.length) continue;
      const match = recognise(lifted, span, values, view);
      if (match === undefined) continue;
      for (const part of whole) joined.add(part);
      large.push({ ops: span, graph: partGraph(lifted, span, values), match, ...(whole.length > 1 && { isJoined: true }) });
    }
  }
  return { large, rest: parts.filter((part) => !joined.has(part)) };
}
