import { number, oneOf, pairs } from '../attributes.ts';
import { stridesOf } from '../broadcast.ts';
import type { OpBase, Operator } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { pick } from '../walk.ts';

/** What is put round a value: a number, its own elements mirrored without (`reflect`) or with (`symmetric`) the edge, or the edge. */
export type PadMode = 'constant' | 'reflect' | 'symmetric' | 'edge';

/**
 * Elements put before and after a value along each axis.
 *
 * @shapes any to each size plus its paddings
 */
export interface PadOp extends OpBase {
  readonly op: 'pad';
  /** `[before, after]` per axis. */
  readonly paddings: readonly (readonly [before: number, after: number])[];
  readonly mode: PadMode;
  /** Of `constant`; 0 for the other modes. */
  readonly value: number;
}

/** Options of {@link PadMethods.pad}. */
export interface PadOptions {
  /** `constant` (default), `reflect`, `symmetric` or `edge`. */
  readonly mode?: PadMode;
  /** Of mode `constant`; default 0. */
  readonly value?: number;
}

/** Methods of `GraphBuilder`. */
export interface PadMethods {
  /** Pad each axis: `paddings` has `[before, after]` per axis. */
  pad(x: ValueId, paddings: readonly (readonly [before: number, after: number])[], options?: PadOptions): ValueId;
}

/** Position in the input of a position along one axis of the output; outside for `constant`. */
export function paddedSource(position: number, before: number, size: number, mode: PadMode): number {
  const at = position - before;
  if (mode === 'constant' || (at >= 0 && at < size)) return at;
  if (mode === 'edge') return at < 0 ? 0 : size - 1;
  const repeat = mode === 'symmetric' ? 1 : 0;
  return at < 0 ? -at - repeat : 2 * size - 2 + repeat - at;
}

export const pad: Operator<PadOp, PadMethods> = {
  op: 'pad',
  attributes: { paddings: pairs, mode: oneOf(['constant', 'reflect', 'symmetric', 'edge']), value: number },
  lastArgument: 'options',
  methods: {
    pad: (writer, x, paddings, { mode = 'constant', value = 0, ...unknown } = {}) =>
      writer.add<PadOp>({ op: 'pad', inputs: [x], paddings, mode, value }, unknown),
  },
  infer({ paddings, mode, value }, [x], fail) {
    if (paddings.length !== x!.length) fail(`has ${paddings.length} paddings for ${x!.length} axes`);
    if (mode !== 'constant' && value !== 0) fail(`has a value, which mode "${mode}" does not use`);
    const most = (size: number): number => (mode === 'reflect' ? size - 1 : mode === 'symmetric' ? size : Number.POSITIVE_INFINITY);
    const tooWide = x!.find((size, axis) => Math.max(...paddings[axis]!) > most(size));
    if (tooWide !== undefined) fail(`pads an axis of size ${tooWide} by more than mode "${mode}" can mirror`);
    return [x!.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1])];
  },
  flops: () => 0,
  compute({ paddings, mode, value }, { inputs: [x], shapes: [shape] }) {
    const source = (position: readonly number[]): readonly number[] =>
      position.map((i, axis) => paddedSource(i, paddings[axis]![0], x!.shape[axis]!, mode));
    if (mode !== 'constant') return [pick(x!, shape!, source)];
    const isInside = (position: readonly number[]): boolean => position.every((i, axis) => i >= 0 && i < x!.shape[axis]!);
    // One element more than the input has, for what lies outside.
    const extended = { shape: [x!.data.length + 1], data: Float64Array.from([...x!.data, value]) };
    const strides = stridesOf(x!.shape);
    const padded = pick(extended, shape!, (position) => {
      const from = source(position);
      return [isInside(from) ? from.reduce((sum, i, axis) => sum + i * strides[axis]!, 0) : x!.data.length];
    });
    return [padded];
  },
  edges: {
    'pad with zeros': (g) =>
      g.pad(g.input([2, 3, 4, 2]), [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ]),
    'pad channels': (g) =>
      g.pad(g.input([1, 3, 4, 2]), [
        [0, 0],
        [0, 0],
        [0, 0],
        [1, 3],
      ]),
    'pad with a value': (g) =>
      g.pad(
        g.input([2, 3, 4]),
        [
          [0, 0],
          [1, 2],
          [0, 1],
        ],
        { value: -2.5 },
      ),
    'pad by reflection': (g) =>
      g.pad(
        g.input([1, 4, 5, 2]),
        [
          [0, 0],
          [1, 3],
          [2, 0],
          [0, 0],
        ],
        { mode: 'reflect' },
      ),
    'pad symmetrically': (g) =>
      g.pad(
        g.input([1, 4, 5, 2]),
        [
          [0, 0],
          [1, 4],
          [2, 0],
          [0, 0],
        ],
        { mode: 'symmetric' },
      ),
    'pad with the edge': (g) =>
      g.pad(
        g.input([1, 3, 2, 2]),
        [
          [0, 0],
          [1, 4],
          [2, 0],
          [0, 0],
        ],
        { mode: 'edge' },
      ),
    'pad a vector': (g) =>
      g.pad(g.input([2, 5]), [
        [0, 0],
        [2, 1],
      ]),
    'pad five axes': (g) =>
      g.pad(g.input([1, 2, 2, 2, 3]), [
        [0, 0],
        [1, 0],
        [0, 2],
        [0, 0],
        [0, 1],
      ]),
  },
};
