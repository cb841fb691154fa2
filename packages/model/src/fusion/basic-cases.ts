import { type FusionCase, type FusionStep, type Graph, GraphBuilder, type Shape, type ValueId } from '@nnm/core';

/** Large enough that an element-wise op behind a convolution is told from noise. */
const IMAGE: Shape = [1, 56, 56, 32];
const ROWS: Shape = [1, 196, 256];

/** An op that may come first or follow in a pair. */
interface PairOp {
  readonly name: string;
  readonly input: Shape;
  readonly step: FusionStep;
  /** Other inputs are `others`. */
  readonly write: (g: GraphBuilder, x: ValueId, other: () => ValueId) => ValueId;
}

const activation = (fn: 'relu' | 'relu6' | 'hswish' | 'hsigmoid' | 'sigmoid' | 'swish', input: Shape): PairOp => ({
  name: fn,
  input,
  step: { ops: ['activation'], where: [{ function: [fn] }] },
  write: (g, x) => g.activation(x, fn),
});

const FIRST: readonly PairOp[] = [
  { name: 'conv2d', input: IMAGE, step: { ops: ['conv2d'] }, write: (g, x) => g.conv2d(x, 32, { kernelSize: 1 }) },
  { name: 'depthwiseConv2d', input: IMAGE, step: { ops: ['depthwiseConv2d'] }, write: (g, x) => g.depthwiseConv2d(x, { kernelSize: 3 }) },
  { name: 'add', input: IMAGE, step: { ops: ['add'], others: 'value' }, write: (g, x, other) => g.add(x, other()) },
  { name: 'maxPool', input: IMAGE, step: { ops: ['maxPool'] }, write: (g, x) => g.maxPool(x, { kernelSize: 3 }) },
  { name: 'dense', input: ROWS, step: { ops: ['dense'] }, write: (g, x) => g.dense(x, 256) },
];

const followers = (input: Shape): readonly PairOp[] => [
  ...(['relu', 'relu6', 'hswish', 'hsigmoid', 'sigmoid', 'swish'] as const).map((fn) => activation(fn, input)),
  { name: 'prelu', input, step: { ops: ['prelu'] }, write: (g, x) => g.prelu(x) },
  { name: 'add', input, step: { ops: ['add'], others: 'value' }, write: (g, x, other) => g.add(x, other()) },
];

const batchNorm: PairOp = { name: 'batchNorm', input: IMAGE, step: { ops: ['batchNorm'] }, write: (g, x) => g.batchNorm(x) };

/** A model of ops one behind another; every other operand is an input of its own. */
function chain(name: string, input: Shape, ops: readonly PairOp[]): Graph {
  const g = new GraphBuilder(name);
  let x = g.input(input);
  for (const op of ops) x = op.write(g, x, () => g.input(input));
  return g.build(x);
}

function pairCase(first: PairOp, second: PairOp): FusionCase {
  const id = `${first.name}+${second.name}`;
  return {
    id,
    group: 'basic fusion',
    description: `${second.name} behind ${first.name}`,
    build: () => ({
      alone: [first, second].map((op) => chain(op.name, first.input, [op])),
      together: chain(id, first.input, [first, second]),
    }),
    steps: [first.step, second.step],
  };
}

/** A result that two ops read: a runtime that joins it with one of them has to keep it for the other, or compute it twice. */
const multipleOutbound: FusionCase = {
  id: 'multiple-outbound',
  group: 'multiple outbound',
  description: 'ReLU behind a convolution whose result another op reads as well',
  build() {
    const [conv] = FIRST as readonly [PairOp];
    const [relu, hswish] = [activation('relu', IMAGE), activation('hswish', IMAGE)];
    const g = new GraphBuilder('multiple-outbound');
    const x = conv.write(g, g.input(IMAGE), () => '');
    const together = g.build(
      relu.write(g, x, () => ''),
      hswish.write(g, x, () => ''),
    );
    return { alone: [conv, relu, hswish].map((op) => chain(op.name, IMAGE, [op])), together };
  },
};

/** An operand that is there before: whether a sum waits for the convolution with which it is joined. */
const readyTensor: FusionCase = {
  id: 'ready-tensor',
  group: 'ready tensor',
  description: 'a sum of a convolution and of the value that the convolution reads',
  build() {
    const [conv] = FIRST as readonly [PairOp];
    const add = FIRST[2] as PairOp;
    const g = new GraphBuilder('ready-tensor');
    const x = g.input(IMAGE);
    return {
      alone: [conv, add].map((op) => chain(op.name, IMAGE, [op])),
      together: g.build(
        g.add(
          conv.write(g, x, () => ''),
          x,
        ),
      ),
    };
  },
};

/** The cases that every backend is asked: pairs of ops, a value with several readers, a value that is ready before. */
export const BASIC_FUSION_CASES: readonly FusionCase[] = [
  ...FIRST.flatMap((first) => [
    ...(first.name.endsWith('onv2d') ? [pairCase(first, batchNorm)] : []),
    ...followers(first.input)
      .filter(({ name }) => name !== first.name)
      .map((second) => pairCase(first, second)),
  ]),
  multipleOutbound,
  readyTensor,
];
