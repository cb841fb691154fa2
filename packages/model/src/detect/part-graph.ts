import type { Graph, GraphInput, Op, Shape, Shapes } from '@nnm/core';
import type { LiftedModel, LiftedOp } from '../lift/lifted-model.ts';
import type { Part } from './find-parts.ts';
import type { ModelValues } from './model-values.ts';

/**
 * A part of a model as a kernel graph of its own: what it takes from outside are its inputs, in the order in which they are first read,
 * what others read of it its outputs, and its constants are `constant` ops. A part that computes with constants alone, as if they came
 * from outside: a runtime that does not do so when it loads the model runs it like any other, and a graph has an input.
 */
export function partGraph(lifted: LiftedModel, part: Part, values: ModelValues): Graph {
  const members = new Set(part);
  const ownValues = new Set(part.flatMap((position) => (lifted.ops[position] as LiftedOp).op.outputs));
  const readsOthers = part.some((position) => {
    const { op, constantInputs } = lifted.ops[position] as LiftedOp;
    return op.inputs.some((name, at) => !constantInputs.includes(at) && !ownValues.has(name));
  });
  const inputs: GraphInput[] = [];
  const ops: Op[] = [];
  const names = new Map<string, string>();
  let made = 0;
  const rename = (name: string, at: number, op: LiftedOp): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const shape = op.inputShapes[at] as Shape;
    if (op.constantInputs.includes(at) && readsOthers) {
      const id = `t${made++}`;
      names.set(name, id);
      ops.push({ op: 'constant', inputs: [], outputs: [id], shape, ...valuesOf(lifted, name, op) });
      return id;
    }
    const id = `input${inputs.length}`;
    names.set(name, id);
    inputs.push({ id, shape: shape.length === 0 ? [1] : shape });
    return id;
  };
  const outputs: string[] = [];
  for (const position of part) {
    const lift = lifted.ops[position] as LiftedOp;
    const read = lift.op.inputs.map((name, at) => rename(name, at, lift));
    const own = lift.op.outputs.map((name) => {
      const id = `t${made++}`;
      names.set(name, id);
      const isRead = (values.readers.get(name) ?? []).some((reader) => !members.has(reader));
      if (isRead || values.outputs.has(name) || !values.readers.has(name)) outputs.push(id);
      return id;
    });
    ops.push({ ...lift.op, inputs: read, outputs: own } as Op);
  }
  return { schemaVersion: 1, name: 'part', seed: 0, inputs, ops, outputs };
}

/** Shapes of the values of a part's graph: its ops say them already, so that nothing has to be inferred. */
export function partShapes({ inputs, ops }: Graph, part: Part, lifted: LiftedModel): Shapes {
  const shapes = new Map<string, Shape>(inputs.map(({ id, shape }) => [id, shape]));
  let at = 0;
  for (const op of ops) {
    if (op.op === 'constant') shapes.set(op.outputs[0] as string, op.shape);
    else {
      const { outputShapes } = lifted.ops[part[at++] as number] as LiftedOp;
      op.outputs.forEach((id, index) => {
        shapes.set(id, outputShapes[index] as Shape);
      });
    }
  }
  return shapes;
}

/** One number as it is; others as random ones that divisions survive. */
function valuesOf({ model }: LiftedModel, name: string, { op }: LiftedOp): { readonly center: number; readonly spread: number } {
  const known = model.tensors.get(name)?.values;
  if (known?.length === 1 && Number.isFinite(known[0])) return { center: known[0] as number, spread: 0 };
  return op.op === 'div' ? { center: 2, spread: 1 } : { center: 0, spread: 1 };
}
