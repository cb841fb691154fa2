import { countElements } from '@nnm/core';
import type { ElementType, ModelGraph, ModelTensor } from '../graph/model-graph.ts';

const BYTES: Readonly<Record<ElementType, number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float64: 8,
  int4: 0.5,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  bool: 1,
  string: 0,
  other: 0,
};

/** What a model needs to be held and run. */
export interface ModelMemory {
  /** Bytes of all constants as the file stores them. */
  readonly weightBytes: number;
  /** Bytes of the values that exist together at the worst moment. */
  readonly peakActivationBytes: number;
  /** Position of the node that runs at that moment. */
  readonly peakNode: number;
  /** Values that are not counted, because their shape or the size of their elements is not known. */
  readonly uncounted: readonly string[];
}

/** Options of {@link measureMemory}. */
export interface MemoryOptions {
  /**
   * Positions of nodes that the runtime runs as one: what only they use between them takes no memory. Default each on its own.
   *
   * A group counts when its last node runs.
   */
  readonly groups?: readonly (readonly number[])[];
}

/**
 * Memory of a model: its weights, and its values where most of them are needed at once.
 *
 * Nodes run in the model's order. A value exists from when its node runs (an input: from the beginning) until the last node that uses it
 * has run; results of the model exist to the end. No node writes over its own input, memory has no gaps, and what a runtime allocates for
 * itself (rearranged weights, scratch space) does not count. So a runtime that works in place, or fuses more than `groups` says, may need
 * less, and any other more.
 */
export function measureMemory(model: ModelGraph, { groups = [] }: MemoryOptions = {}): ModelMemory {
  const steps = stepsOf(model, groups);
  const lives = livesOf(model, steps);
  const uncounted: string[] = [];
  const change = new Float64Array(model.nodes.length + 1);
  for (const [name, { from, to }] of lives) {
    const bytes = bytesOf(model.tensors.get(name)!);
    if (bytes === undefined) uncounted.push(name);
    change[from]! += bytes ?? 0;
    change[to + 1]! -= bytes ?? 0;
  }
  let [live, peakActivationBytes, peakNode] = [0, 0, 0];
  for (let step = 0; step < model.nodes.length; step++) {
    live += change[step]!;
    if (live > peakActivationBytes) [peakActivationBytes, peakNode] = [live, step];
  }
  return { weightBytes: model.weightBytes, peakActivationBytes, peakNode, uncounted };
}

/** When each node runs: a group with its last. */
function stepsOf({ nodes }: ModelGraph, groups: readonly (readonly number[])[]): readonly number[] {
  const steps = nodes.map((_, position) => position);
  for (const group of groups) for (const position of group) steps[position] = Math.max(...group);
  return steps;
}

interface Life {
  readonly from: number;
  readonly to: number;
}

/** First and last step of every value that takes memory. */
function livesOf(model: ModelGraph, steps: readonly number[]): ReadonlyMap<string, Life> {
  const made = new Map<string, number>(model.inputs.map((name) => [name, 0]));
  model.nodes.forEach(({ outputs }, position) => {
    for (const name of outputs) if (name !== '') made.set(name, steps[position]!);
  });
  const used = new Map<string, number>();
  const leaves = new Set(model.inputs);
  model.nodes.forEach(({ inputs }, position) => {
    for (const name of inputs) {
      used.set(name, Math.max(used.get(name) ?? 0, steps[position]!));
      if (made.get(name) !== steps[position]) leaves.add(name);
    }
  });
  for (const name of model.outputs) {
    used.set(name, steps.length - 1);
    leaves.add(name);
  }
  const lives = new Map<string, Life>();
  for (const [name, from] of made) {
    // What only its own group uses takes no memory; what nobody uses does, while its node runs.
    if (leaves.has(name) || !used.has(name)) lives.set(name, { from, to: Math.max(from, used.get(name) ?? 0) });
  }
  return lives;
}

function bytesOf({ shape, dtype }: ModelTensor): number | undefined {
  const size = BYTES[dtype];
  return shape === undefined || size === 0 ? undefined : Math.ceil(countElements(shape) * size);
}
