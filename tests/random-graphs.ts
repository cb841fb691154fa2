import { type Graph, GraphBuilder, inferShapes, type Op, type Padding, type Rng, type Shape, type Size2d, type ValueId } from '@nnm/core';

/** How one operator is drawn. */
interface Draw {
  /** A shape that the operator takes; default any of 1 to 5 axes. */
  shape?(rng: Rng): Shape;
  /** True for a shape that the operator takes; default every one. */
  takes?(shape: Shape): boolean;
  /** The operator on a value of this shape, with any options it allows. */
  apply(g: GraphBuilder, rng: Rng, x: ValueId, shape: Shape): ValueId | readonly ValueId[];
  /** True for one that makes much of a small difference, so that behind others rounding would count as wrong. */
  isSteep?: boolean;
}

const chance = (rng: Rng, share: number): boolean => rng.float() < share;
/** Mostly small; sometimes more than a register, or a tile, holds. */
const size = (rng: Rng, most = 6): number => (chance(rng, 0.15) ? 1 : rng.integer(1, most));
const channels = (rng: Rng): number => (chance(rng, 0.2) ? rng.integer(7, 40) : size(rng));
const anyShape = (rng: Rng, least = 1, most = 5): Shape => {
  const rank = rng.integer(least, most);
  return Array.from({ length: rank }, (_, axis) => (axis === rank - 1 ? channels(rng) : size(rng, rank > 3 ? 4 : 7)));
};
const image = (rng: Rng): Shape => [rng.integer(1, 2), size(rng, 9), size(rng, 9), channels(rng)];
const isImage = (shape: Shape): boolean => shape.length === 4;
const anyAxis = (rng: Rng, { length }: Shape): number => rng.integer(-length, length - 1);
const divisors = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i + 1).filter((d) => n % d === 0);
const pair = (rng: Rng, from: () => number): Size2d => {
  const first = from();
  return chance(rng, 0.5) ? [first, first] : [first, from()];
};

/** A window that fits, with every kind of padding whose windows all see a real pixel. */
function window(rng: Rng, [, h, w]: Shape, mayDilate: boolean) {
  const kernelSize = pair(rng, () => rng.pick([1, 2, 2, 3, 3, 4, 5, 7, 11]));
  const dilation: Size2d = mayDilate && chance(rng, 0.3) ? pair(rng, () => rng.integer(1, 4)) : [1, 1];
  const strides = pair(rng, () => rng.pick([1, 1, 2, 2, 3, 4]));
  const spans = kernelSize.map((kernel, axis) => (kernel - 1) * dilation[axis]! + 1) as [number, number];
  const fits = spans[0] <= h! && spans[1] <= w!;
  const explicit = (): Padding => {
    const sides = [h!, w!].map((length, axis) => {
      const [before, after] = [rng.integer(0, 3), rng.integer(0, 3)];
      const outputs = Math.floor((length + before + after - spans[axis]!) / strides[axis]!) + 1;
      const isSeen =
        before < kernelSize[axis]! && after < kernelSize[axis]! && outputs >= 1 && (outputs - 1) * strides[axis]! - before < length;
      return isSeen && dilation[axis] === 1 ? [before, after] : undefined;
    });
    const [rows, columns] = sides;
    if (rows === undefined || columns === undefined) return 'same';
    return { top: rows[0]!, bottom: rows[1]!, left: columns[0]!, right: columns[1]! };
  };
  const padding: Padding = chance(rng, 0.25) ? explicit() : fits && chance(rng, 0.4) ? 'valid' : 'same';
  return { kernelSize, strides, padding, ...(mayDilate && { dilation }) };
}

/** Another operand: an input, a constant, or a number; it stretches, and is stretched. */
function operand(g: GraphBuilder, rng: Rng, shape: Shape, isPositive: boolean): ValueId | number {
  if (chance(rng, 0.15)) return isPositive ? rng.pick([0.5, 1, 2, 3]) : rng.pick([-2, -0.5, 0.5, 1, 2, 3]);
  const kept = shape.slice(rng.integer(0, shape.length - 1)).map((length) => (chance(rng, 0.3) ? 1 : length));
  const longer = kept.length === shape.length && kept.length < 5 && chance(rng, 0.15) ? [rng.integer(1, 3), ...kept] : kept;
  if (chance(rng, 0.4)) return g.constant(longer, { center: isPositive ? 1.2 : 0, spread: 0.9 });
  const value = g.input(longer);
  return isPositive ? g.add(g.abs(value), 0.2) : value;
}

const unary = (write: (g: GraphBuilder, x: ValueId) => ValueId): Draw => ({
  apply: (g, rng, x) => write(g, chance(rng, 0.5) ? x : g.mul(x, rng.pick([5, 12]))),
});

/** An operator that positive numbers are for. */
const positive = (write: (g: GraphBuilder, x: ValueId) => ValueId): Draw => ({
  apply: (g, _, x) => write(g, g.add(g.abs(x), 0.01)),
  isSteep: true,
});

const binary = (op: 'add' | 'div' | 'maximum' | 'minimum' | 'mul' | 'sub'): Draw => ({
  apply(g, rng, x, shape) {
    const other = operand(g, rng, stretched(rng, shape), op === 'div');
    if (op === 'div') return chance(rng, 0.6) ? g.div(x, other) : g.div(other, g.add(g.abs(x), 0.2));
    return chance(rng, 0.5) ? g[op](x, other) : g[op](other, x);
  },
  isSteep: op === 'div',
});

/** The shape with its ones made longer now and then, so that both operands stretch. */
const stretched = (rng: Rng, shape: Shape): Shape => shape.map((length) => (length === 1 && chance(rng, 0.5) ? rng.integer(2, 4) : length));

const reduction = (op: 'reduceMax' | 'reduceMean' | 'reduceSum'): Draw => ({
  apply(g, rng, x, shape) {
    const axes = shape.flatMap((_, axis) => (chance(rng, 0.5) ? [chance(rng, 0.3) ? axis - shape.length : axis] : []));
    const all = axes.length === 0 || axes.length === shape.length;
    return g[op](x, { axes: rng.shuffle(axes), keepDims: all || chance(rng, 0.5) });
  },
});

const alongAxis = (op: 'logSoftmax' | 'softmax'): Draw => ({
  apply: (g, rng, x, shape) => g[op](chance(rng, 0.7) ? x : g.mul(x, 40), { axis: anyAxis(rng, shape) }),
  isSteep: op === 'logSoftmax',
});

const permutation = (rng: Rng, { length }: Shape): readonly number[] => rng.shuffle(Array.from({ length }, (_, axis) => axis));

/** An epsilon as networks have it; a tiny one only where the variance is not all rounding. */
const epsilon = (rng: Rng, elements: number): number => (elements >= 8 ? rng.pick([1e-12, 1e-6, 1e-5, 1e-3]) : 0.1);

/** How each operator is drawn. */
export const DRAWS: Readonly<Record<Op['op'], Draw>> = {
  abs: unary((g, x) => g.abs(x)),
  activation: {
    apply: (g, rng, x) =>
      g.activation(chance(rng, 0.5) ? x : g.mul(x, 8), rng.pick(['relu', 'relu6', 'hswish', 'hsigmoid', 'sigmoid', 'swish'])),
  },
  add: binary('add'),
  argMax: {
    apply(g, rng, x, shape) {
      const axis = anyAxis(rng, shape);
      // Ties: what is cut off is equal.
      return g.argMax(chance(rng, 0.5) ? x : g.clip(x, { max: -0.2 }), { axis, keepDims: shape.length === 1 || chance(rng, 0.5) });
    },
    isSteep: true,
  },
  avgPool: { shape: image, takes: isImage, apply: (g, rng, x, shape) => g.avgPool(x, window(rng, shape, false)) },
  batchNorm: { apply: (g, rng, x) => g.batchNorm(x, rng.pick([1e-3, 1e-5, 1e-12])) },
  channelShuffle: { shape: image, takes: isImage, apply: (g, rng, x, shape) => g.channelShuffle(x, rng.pick(divisors(shape[3]!))) },
  clip: {
    apply(g, rng, x) {
      const [min, max] = [rng.pick([-1, -0.3, 0, undefined]), rng.pick([0, 0.4, 1, 6, undefined])];
      return g.clip(
        g.mul(x, 8),
        min === undefined && max === undefined ? { min: 0.1 } : { ...(min !== undefined && { min }), ...(max !== undefined && { max }) },
      );
    },
  },
  concat: {
    apply(g, rng, x, shape) {
      const axis = anyAxis(rng, shape);
      const at = axis < 0 ? axis + shape.length : axis;
      const other = (): ValueId => {
        const of = shape.map((length, own) => (own === at ? rng.integer(1, 4) : length));
        return chance(rng, 0.25) ? g.constant(of) : chance(rng, 0.15) ? x : g.input(of);
      };
      const values = rng.shuffle([x, ...Array.from({ length: rng.integer(0, 4) }, other)]);
      return g.concat(values, { axis });
    },
  },
  constant: { apply: (g, rng, x, shape) => g.mul(x, g.constant(shape.slice(-rng.integer(1, shape.length)))) },
  conv2d: {
    shape: image,
    takes: isImage,
    apply(g, rng, x, shape) {
      const groups = chance(rng, 0.3) ? rng.pick(divisors(shape[3]!)) : 1;
      const filters = groups * (chance(rng, 0.2) ? rng.integer(7, 20) : rng.integer(1, 5));
      return g.conv2d(x, filters, { ...window(rng, shape, true), groups, useBias: chance(rng, 0.5) });
    },
  },
  dense: {
    shape: (rng) => anyShape(rng, 2),
    takes: ({ length }) => length > 1,
    apply: (g, rng, x) => g.dense(x, channels(rng), chance(rng, 0.5)),
  },
  depthToSpace: {
    shape: (rng) => {
      const [n, h, w] = image(rng);
      return [n!, h!, w!, rng.pick([1, 4, 9, 16]) * rng.integer(1, 3)];
    },
    takes: isImage,
    apply: (g, rng, x, shape) => g.depthToSpace(x, rng.pick([1, 2, 3, 4].filter((block) => shape[3]! % (block * block) === 0))),
  },
  depthwiseConv2d: {
    shape: image,
    takes: isImage,
    apply: (g, rng, x, shape) =>
      g.depthwiseConv2d(x, { ...window(rng, shape, true), depthMultiplier: rng.pick([1, 1, 2, 3]), useBias: chance(rng, 0.5) }),
  },
  div: binary('div'),
  elu: { apply: (g, rng, x) => g.elu(g.mul(x, rng.pick([1, 9])), { alpha: rng.pick([1, 0.3, 2, 0, -0.5]) }) },
  erf: unary((g, x) => g.erf(x)),
  exp: { ...unary((g, x) => g.exp(x)), isSteep: true },
  expandDims: {
    shape: (rng) => anyShape(rng, 1, 4),
    takes: ({ length }) => length < 5,
    apply: (g, rng, x, shape) => g.expandDims(x, rng.integer(-shape.length - 1, shape.length)),
  },
  flatten: { shape: image, takes: isImage, apply: (g, _, x) => g.flatten(x) },
  gather: {
    apply(g, rng, x, shape) {
      const axis = anyAxis(rng, shape);
      const length = shape.at(axis)!;
      const indices = Array.from({ length: rng.integer(1, 7) }, () => rng.integer(0, length - 1));
      return g.gather(x, indices, { axis });
    },
  },
  gelu: { apply: (g, rng, x) => g.gelu(g.mul(x, rng.pick([1, 2])), { approximate: rng.pick(['none', 'tanh']) }) },
  globalAvgPool: { shape: image, takes: isImage, apply: (g, rng, x) => g.globalAvgPool(x, chance(rng, 0.5)) },
  groupNorm: {
    shape: image,
    takes: isImage,
    apply(g, rng, x, [, h, w, c]) {
      const groups = rng.pick(divisors(c!));
      return g.groupNorm(x, groups, { epsilon: epsilon(rng, (h! * w! * c!) / groups) });
    },
    isSteep: true,
  },
  hardSigmoid: {
    apply: (g, rng, x) => g.hardSigmoid(g.mul(x, 6), { alpha: rng.pick([0.2, 1 / 6, -0.4, 3]), beta: rng.pick([0.5, 0, 0.9]) }),
  },
  instanceNorm: {
    shape: image,
    takes: isImage,
    apply: (g, rng, x, [, h, w]) => g.instanceNorm(x, { epsilon: epsilon(rng, h! * w!) }),
    isSteep: true,
  },
  l2Normalize: {
    apply: (g, rng, x, shape) => g.l2Normalize(x, { axis: anyAxis(rng, shape), epsilon: rng.pick([1e-12, 1e-6, 0.3]) }),
    isSteep: true,
  },
  layerNorm: {
    apply(g, rng, x, shape) {
      const axis = anyAxis(rng, shape);
      return g.layerNorm(x, { axis, epsilon: epsilon(rng, countElements(shape.slice(axis))) });
    },
    isSteep: true,
  },
  leakyRelu: { apply: (g, rng, x) => g.leakyRelu(x, { alpha: rng.pick([0.01, 0.3, 1.5, 0, -0.2]) }) },
  log: positive((g, x) => g.log(x)),
  logSoftmax: alongAxis('logSoftmax'),
  matmul: {
    shape: (rng) => anyShape(rng, 2),
    takes: ({ length }) => length > 1,
    apply(g, rng, x, shape) {
      const [rows, columns] = shape.slice(-2) as [number, number];
      const [isTransposed, isOtherTransposed, isFirst] = [chance(rng, 0.3), chance(rng, 0.4), chance(rng, 0.6)];
      const batch = stretched(rng, shape.slice(0, -2)).map((length) => (chance(rng, 0.3) ? 1 : length));
      const own = batch.slice(rng.integer(0, batch.length));
      const most = chance(rng, 0.2) ? rng.integer(7, 20) : size(rng);
      // What the other operand shares with this one.
      const shared = isFirst === isTransposed ? rows : columns;
      const matrix = isFirst === isOtherTransposed ? [most, shared] : [shared, most];
      const other = chance(rng, 0.5) ? g.constant([...own, ...matrix]) : g.input([...own, ...matrix]);
      return isFirst
        ? g.matmul(x, other, { transposeA: isTransposed, transposeB: isOtherTransposed })
        : g.matmul(other, x, { transposeA: isOtherTransposed, transposeB: isTransposed });
    },
  },
  maxPool: { shape: image, takes: isImage, apply: (g, rng, x, shape) => g.maxPool(x, window(rng, shape, false)) },
  maximum: binary('maximum'),
  minimum: binary('minimum'),
  mish: { ...unary((g, x) => g.mish(x)), isSteep: true },
  mul: binary('mul'),
  neg: unary((g, x) => g.neg(x)),
  pack: {
    shape: (rng) => anyShape(rng, 1, 4),
    takes: ({ length }) => length < 5,
    apply(g, rng, x, shape) {
      const others = Array.from({ length: rng.integer(0, 3) }, () =>
        chance(rng, 0.3) ? g.constant(shape) : chance(rng, 0.2) ? x : g.input(shape),
      );
      return g.pack(rng.shuffle([x, ...others]), { axis: rng.integer(-shape.length - 1, shape.length) });
    },
  },
  pad: {
    apply(g, rng, x, shape) {
      const mode = rng.pick(['constant', 'reflect', 'symmetric', 'edge'] as const);
      const most = (length: number): number => (mode === 'reflect' ? length - 1 : mode === 'symmetric' ? length : 4);
      const side = (length: number): number => (chance(rng, 0.4) ? 0 : chance(rng, 0.4) ? most(length) : rng.integer(0, most(length)));
      return g.pad(
        x,
        shape.map((length) => [side(length), side(length)] as const),
        mode === 'constant' ? { value: rng.pick([0, 0, -1.5, 2]) } : { mode },
      );
    },
  },
  pow: {
    apply(g, rng, x, shape) {
      // A negative base has powers of whole numbers only.
      if (chance(rng, 0.4)) return g.pow(x, rng.pick([0, 1, 2, 3, 4]));
      const base = g.add(g.abs(x), 0.2);
      const other = operand(g, rng, stretched(rng, shape), true);
      return chance(rng, 0.5) ? g.pow(base, other) : g.pow(other, base);
    },
    isSteep: true,
  },
  prelu: { apply: (g, _, x) => g.prelu(x) },
  reduceMax: reduction('reduceMax'),
  reduceMean: reduction('reduceMean'),
  reduceSum: reduction('reduceSum'),
  reshape: {
    apply(g, rng, x, shape) {
      let rest = countElements(shape);
      const target: number[] = [];
      for (let axis = rng.integer(1, 5); axis > 1; axis--) {
        target.push(rng.pick(divisors(rest)));
        rest /= target.at(-1)!;
      }
      target.push(rest);
      return g.reshape(x, chance(rng, 0.3) ? target.with(rng.integer(0, target.length - 1), -1) : target);
    },
  },
  resize: {
    shape: image,
    takes: isImage,
    apply(g, rng, x, [, h, w]) {
      const method = rng.pick(['nearest', 'bilinear'] as const);
      const to = (from: number): number => rng.pick([1, from, 2 * from, 3 * from, Math.ceil(from / 2), rng.integer(1, 14)]);
      return g.resize(x, { size: [to(h!), to(w!)], method, coordinates: rng.pick(['half-pixel', 'aligned-corners', 'asymmetric']) });
    },
  },
  rmsNorm: { apply: (g, rng, x, shape) => g.rmsNorm(x, { epsilon: epsilon(rng, shape.at(-1)!) }), isSteep: true },
  rsqrt: positive((g, x) => g.rsqrt(x)),
  slice: {
    apply(g, rng, x, shape) {
      const begin = shape.map((length) => (chance(rng, 0.4) ? 0 : rng.integer(0, length - 1)));
      return g.slice(
        x,
        begin,
        shape.map((length, axis) => (chance(rng, 0.4) ? length - begin[axis]! : rng.integer(1, length - begin[axis]!))),
      );
    },
  },
  softmax: alongAxis('softmax'),
  spaceToDepth: {
    shape: (rng) => {
      const block = rng.integer(1, 4);
      return [rng.integer(1, 2), block * rng.integer(1, 3), block * rng.integer(1, 3), rng.integer(1, 5)];
    },
    takes: isImage,
    apply: (g, rng, x, [, h, w]) => g.spaceToDepth(x, rng.pick(divisors(h!).filter((block) => w! % block === 0))),
  },
  split: {
    apply(g, rng, x, shape) {
      const axis = anyAxis(rng, shape);
      const length = shape.at(axis)!;
      if (chance(rng, 0.5)) return g.split(x, rng.pick(divisors(length)), { axis });
      const sizes: number[] = [];
      for (let rest = length; rest > 0; rest -= sizes.at(-1)!) sizes.push(rng.integer(1, rest));
      return g.split(x, sizes, { axis });
    },
  },
  sqrt: positive((g, x) => g.sqrt(x)),
  squeeze: {
    shape: (rng) => rng.shuffle([1, ...anyShape(rng, 1, 4)]),
    takes: (shape) => shape.length > 1 && shape.includes(1),
    apply(g, rng, x, shape) {
      const ones = rng.shuffle(shape.flatMap((length, axis) => (length === 1 ? [axis] : [])));
      const axes = ones.slice(0, rng.integer(1, Math.min(ones.length, shape.length - 1)));
      return g.squeeze(
        x,
        axes.map((axis) => (chance(rng, 0.3) ? axis - shape.length : axis)),
      );
    },
  },
  stridedSlice: {
    apply(g, rng, x, shape) {
      const begin = shape.map((length) => rng.integer(0, length - 1));
      return g.stridedSlice(
        x,
        begin,
        shape.map((length, axis) => (chance(rng, 0.4) ? length : rng.integer(begin[axis]! + 1, length))),
        shape.map(() => rng.integer(1, 4)),
      );
    },
  },
  sub: binary('sub'),
  tanh: unary((g, x) => g.tanh(x)),
  tile: {
    apply: (g, rng, x, shape) =>
      g.tile(
        x,
        shape.map(() => rng.pick([1, 1, 2, 3])),
      ),
  },
  transpose: { apply: (g, rng, x, shape) => g.transpose(x, permutation(rng, shape)) },
  transposedConv2d: {
    shape: (rng) => [rng.integer(1, 2), size(rng), size(rng), size(rng)],
    takes: isImage,
    apply(g, rng, x, [, h, w]) {
      const kernelSize = pair(rng, () => rng.pick([1, 2, 3, 4, 5]));
      const strides = pair(rng, () => rng.pick([1, 2, 2, 3, 4]));
      const cut = (axis: number, length: number): number => {
        const full = (length - 1) * strides[axis]! + kernelSize[axis]!;
        return rng.integer(0, Math.min(kernelSize[axis]! - 1, Math.floor((full - 1) / 2)));
      };
      const explicit = (): Padding => ({ top: cut(0, h!), bottom: cut(0, h!), left: cut(1, w!), right: cut(1, w!) });
      const padding = rng.pick(['same', 'valid', 'explicit'] as const);
      const options = { kernelSize, strides, padding: padding === 'explicit' ? explicit() : padding, useBias: chance(rng, 0.5) };
      return g.transposedConv2d(x, channels(rng), options);
    },
  },
  unpack: {
    shape: (rng) => anyShape(rng, 2),
    takes: ({ length }) => length > 1,
    apply(g, rng, x, shape) {
      const axis = anyAxis(rng, shape);
      return g.unpack(x, shape.at(axis)!, { axis });
    },
  },
};

const shapeOf = (g: GraphBuilder, id: ValueId): Shape => inferShapes(g.build(id)).get(id)!;
const countElements = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);

/** A chain ends with a value of more elements than these: the reference is slow. */
const MOST_ELEMENTS = 4000;

/** A graph about one operator. */
export function drawOperator(op: Op['op'], rng: Rng): Graph {
  const g = new GraphBuilder(op, rng.uint32());
  const { shape = (own) => anyShape(own), apply } = DRAWS[op];
  const drawn = shape(rng);
  return g.build(...[apply(g, rng, g.input(drawn), drawn)].flat());
}

/** A graph in which operators follow each other, as the passes that fuse them and choose layouts see them. */
export function drawChain(rng: Rng): Graph {
  const g = new GraphBuilder('chain', rng.uint32());
  const start = chance(rng, 0.6) ? image(rng) : anyShape(rng, 2);
  let x = g.input(start);
  let shape = start;
  const kept: ValueId[] = [];
  const steady = Object.values(DRAWS).filter(({ isSteep }) => !isSteep);
  for (let step = rng.integer(2, 6); step > 0; step--) {
    const { apply } = rng.pick(steady.filter(({ takes }) => takes?.(shape) ?? true));
    const outputs = [apply(g, rng, x, shape)].flat();
    x = rng.pick(outputs);
    shape = shapeOf(g, x);
    if (countElements(shape) > MOST_ELEMENTS) break;
    if (chance(rng, 0.2)) kept.push(x);
  }
  return g.build(...new Set([...kept, x]));
}
