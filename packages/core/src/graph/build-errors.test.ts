import { describe, expect, it } from 'vitest';
import { GraphBuilder, inferShapes } from './index.ts';

/** The builder as plain JavaScript sees it: nothing stops a wrong argument. */
// biome-ignore lint/suspicious/noExplicitAny: what TypeScript would refuse is the point
type Untyped = any;

describe('build() names what plain JavaScript got wrong', () => {
  it.each<[string, (g: Untyped, x: string) => string, string]>([
    [
      'an option that does not exist',
      (g, x) => g.conv2d(x, 4, { kernelSize: 3, dilations: 2 }),
      'conv2d "conv2d0" has no option "dilations" (did you mean "dilation"?); it has filters, kernelSize, strides, padding, groups, useBias, dilation',
    ],
    [
      'an option of another operator',
      (g, x) => g.maxPool(x, { kernelSize: 3, useBias: true }),
      'maxPool "maxPool0" has no option "useBias"; it has kernelSize, strides, padding',
    ],
    [
      'an unknown padding',
      (g, x) => g.conv2d(x, 4, { kernelSize: 3, padding: 'full' }),
      'needs padding to be "same", "valid" or { top, bottom, left, right } in pixels >= 0, got "full"',
    ],
    [
      'a padding without a side',
      (g, x) => g.avgPool(x, { kernelSize: 3, padding: { top: 1, bottom: 1, left: 1 } }),
      'needs padding to be "same", "valid" or { top, bottom, left, right } in pixels >= 0, got {"top":1,"bottom":1,"left":1}',
    ],
    [
      'an unknown activation',
      (g, x) => g.activation(x, 'relu7'),
      'needs function to be "relu" or "relu6" or "hswish" or "hsigmoid" or "sigmoid" or "swish" or "elu" or "gelu" or "leakyRelu" or "mish" or "prelu" or "silu" or "tanh", got "relu7"',
    ],
    [
      'options that are missing',
      (g, x) => g.depthwiseConv2d(x),
      'needs kernelSize to be an integer >= 1, or [height, width], got undefined',
    ],
    ['a size that is text', (g, x) => g.conv2d(x, '64', { kernelSize: 3 }), 'needs filters to be an integer >= 1, got "64"'],
    [
      'options where a flag belongs',
      (g, x) => g.dense(x, 4, { useBias: false }),
      'needs useBias to be true or false, got {"useBias":false}',
    ],
    ['a number of parts that is none', (g, x) => g.split(x, 0)[0] ?? x, 'split needs parts to be an integer from 1 to 1000000, got 0'],
    ['a value that is none', (g, x) => g.add(x), 'add "add0" needs a value that a method of the builder returned, got undefined'],
    [
      'two mistakes at once',
      (g, x) => g.conv2d(x, 0, { kernelSize: 3, stride: 2 }),
      'needs filters to be an integer >= 1, got 0, and has no option "stride" (did you mean "strides"?)',
    ],
    ['a bare number where options belong', (g, x) => g.softmax(x, 1), 'softmax takes its options as an object with names, got 1'],
    ['a list where options belong', (g, x) => g.reduceMean(x, [1, 2]), 'reduceMean takes its options as an object with names, got [1,2]'],
    ['an argument too many', (g, x) => g.reshape(x, [1, 256], { allowZero: true }), 'reshape takes 2 arguments, got 3'],
    ['a third operand', (g, x) => g.add(x, x, x), 'add takes 2 arguments, got 3'],
    ['one value where a list belongs', (g, x) => g.concat(x), 'concat "concat0" needs a list of values, got "input0"'],
    ['a shape that is none', (g) => g.activation(g.input(), 'relu'), '"input1" has the shape undefined; a shape is a list of sizes'],
    ['a size that is text', (g) => g.activation(g.input(['1', 4]), 'relu'), 'sizes must be integers >= 1'],
    ['an axis that is none', (g, x) => g.softmax(x, { axis: 4 }), 'softmax "softmax0" has axis 4, but its input has 4 axes'],
    ['shapes that do not broadcast', (g, x) => g.sub(x, g.input([3])), 'joins [1, 8, 8, 4] and [3], which do not broadcast'],
    [
      'an unknown way to resize',
      (g, x) => g.resize(x, { size: 4, method: 'cubic' }),
      'needs method to be "nearest" or "bilinear", got "cubic"',
    ],
    [
      'a padding mode that does not exist',
      (g, x) =>
        g.pad(
          x,
          [
            [0, 0],
            [1, 1],
            [1, 1],
            [0, 0],
          ],
          { mode: 'wrap' },
        ),
      'got "wrap"',
    ],
    ['an operator that is not supported yet', (g, x) => g.lstm(x, 32), 'the operator "lstm" is not supported yet: recurrent layers'],
    [
      'an input of another type',
      (g) => g.activation(g.input([1, 4], { dtype: 'int8' }), 'relu'),
      'has the type "int8"; values are float32',
    ],
    ['an option of an input that does not exist', (g) => g.activation(g.input([1, 4], { name: 'x' }), 'relu'), 'has no option "name"'],
    ['six axes', (g, x) => g.add(g.input([1, 1, 1, 1, 1, 4]), x), 'shapes have 1 to 5 sizes'],
    ['an axis too many', (g, x) => g.reduceMax(x), 'reduces every axis and leaves none'],
    [
      'an operator whose result is forgotten',
      (g, x) => {
        g.activation(x, 'relu');
        return g.softmax(x);
      },
      'activation "activation0" reaches no output of the graph; leave it out, or build with what it makes',
    ],
    ['a negative epsilon', (g, x) => g.layerNorm(x, { epsilon: -1e-5 }), 'needs epsilon to be a finite number >= 0, got -0.00001'],
    ['numbers that are none in a list', (g, x) => g.tile(x, [1, Number.NaN, 1, undefined]), 'got [1,NaN,1,undefined]'],
    ['nothing to join', (g) => g.concat([]), 'concat "concat0" needs at least 1 input, got 0'],
    ['parts that are nothing', (g, x) => g.split(x, null)[0] ?? x, 'split needs parts to be an integer from 1 to 1000000, got null'],
    [
      'filters that no tensor has',
      (g, x) => g.conv2d(x, 1e9, { kernelSize: 3 }),
      'conv2d "conv2d0" needs a constant "kernel" of [3, 3, 4, 1000000000], 134.1 GiB in float32; 536870911 elements (2 GiB) are the most',
    ],
    [
      'a window whose weights no tensor has',
      (g, x) => g.conv2d(x, 4, { kernelSize: 20_000, padding: 'valid', dilation: 1 }),
      'conv2d "conv2d0" has a 20000x20000 window that does not fit its 8x8 input',
    ],
    [
      'weights beyond a tensor',
      (g, x) => g.dense(g.flatten(x), 3e6),
      'dense "dense1" needs a constant "kernel" of [256, 3000000], 2.9 GiB in float32; 536870911 elements (2 GiB) are the most',
    ],
    [
      'padding beyond a tensor',
      (g, x) => g.maxPool(x, { kernelSize: 1e9 }),
      'maxPool "maxPool0" needs an image with its padding of [1, 1000000007, 1000000007, 4], ',
    ],
    ['an input beyond a tensor', (g) => g.activation(g.input([1, 1e5, 1e5]), 'relu'), '"input1" has shape [1, 100000, 100000], 37.3 GiB'],
    [
      'a whole number beyond a file',
      (g, x) => g.maxPool(x, { kernelSize: 1, strides: 2 ** 53 }),
      '(up to 2147483647), got [9007199254740992,9007199254740992]',
    ],
    ['a number beyond float32', (g, x) => g.leakyRelu(x, { alpha: 1e300 }), 'a finite number (in float32, up to 3.4e38), got 1e+300'],
    ['a list with a hole', (g, x) => g.conv2d(x, 4, { kernelSize: Array(2) }), '[height, width], got [undefined,undefined]'],
    [
      'a shape with a hole',
      (g) => g.activation(g.input(Array(2)), 'relu'),
      '"input1" has shape [undefined,undefined]; sizes must be integers >= 1',
    ],
    ['values with a hole', (g) => g.concat(Array(2)), 'needs a value that a method of the builder returned, got undefined'],
    [
      'an argument among the options',
      (g, x) => g.conv2d(x, 4, { kernelSize: 3, filters: 8 }),
      'conv2d0 has no option "filters": that is an argument of its own, or follows from the others',
    ],
    ['a part of the op among the options', (g, x) => g.softmax(x, { inputs: ['input0'] }), 'softmax0 has no option "inputs"'],
    [
      'options of an input that are none',
      (g) => g.activation(g.input([1, 4], null), 'relu'),
      'input takes its options as an object with names, got null',
    ],
    [
      'a flag of an input that is none',
      (g) => g.activation(g.input([1, 4], { positive: 1 }), 'relu'),
      'input needs positive to be true or false, got 1',
    ],
    [
      'several outputs as a list',
      (g, x) => g.split(x, 2),
      'build takes outputs one by one, as in build(...parts), got ["split0_0","split0_1"]',
    ],
    ['a tensor of TensorFlow.js', (g) => g.activation(new Map(), 'relu'), 'got a value of the class Map'],
    ['a function where a number belongs', (g, x) => g.dense(x, Math.max), 'needs units to be an integer >= 1, got the function max'],
    ['a bigint', (g, x) => g.concat([x, x], { axis: 3n }), 'needs axis to be an integer, got 3n'],
    ['a list without end', (g, x) => g.gather(x, Array(500).fill('1')), ',"1","1"…'],
    [
      'padding that leaves a window nothing to see',
      (g, x) => g.maxPool(x, { kernelSize: 2, padding: { top: 2, bottom: 0, left: 0, right: 0 } }),
      'maxPool "maxPool0" has a 2x2 window that lies in the padding alone at an edge, where there is no pixel to pool',
    ],
    ['a function that is no activation', (g, x) => g.activation(x, 'toString'), 'got "toString"'],
  ])('%s', (_, write, message) => {
    const g = new GraphBuilder('broken');
    const output = write(g, g.input([1, 8, 8, 4]));
    expect(() => g.build(output)).toThrow(message);
  });

  it('a value of another builder', () => {
    const other = new GraphBuilder('other');
    const foreign = other.softmax(other.softmax(other.input([1, 4])));
    const g = new GraphBuilder('own');
    expect(() => g.build(g.add(g.input([1, 4]), foreign))).toThrow(
      'add uses "softmax1", which is not defined before it; every builder has values of its own',
    );
  });

  it.each<[unknown, unknown, string]>([
    [undefined, 0, 'the builder needs a name, got undefined'],
    ['', 0, 'the builder needs a name, got ""'],
    ['seeded', '7', 'the builder needs its seed to be a 32-bit integer, got "7"'],
    ['seeded', 2 ** 40, 'the builder needs its seed to be a 32-bit integer, got 1099511627776'],
  ])('a builder of the name %j and the seed %j', (name, seed, message) => {
    const g = new (GraphBuilder as Untyped)(name, seed);
    expect(() => g.build(g.activation(g.input([1, 4]), 'relu'))).toThrow(message);
  });

  it('takes activations that are operators of their own by name', () => {
    const g = new GraphBuilder('named');
    const graph = g.build(g.activation(g.activation(g.input([1, 4]), 'gelu'), 'silu'));
    expect(graph.ops).toMatchObject([
      { op: 'gelu', approximate: 'none' },
      { op: 'activation', function: 'swish' },
    ]);
  });

  it('refuses an operator and an option that a file has and this version does not', () => {
    const g = new GraphBuilder('file');
    const graph = g.build(g.activation(g.input([1, 4]), 'relu'));
    const changed = (change: object) => ({ ...graph, ops: [{ ...graph.ops[0], ...change }] }) as typeof graph;
    expect(() => inferShapes(changed({ op: 'soft max' }))).toThrow('"soft max" is not a known operator (did you mean "softmax"?)');
    expect(() => inferShapes(changed({ op: 'gru' }))).toThrow('the operator "gru" is not supported yet');
    expect(() => inferShapes(changed({ alpha: 2 }))).toThrow('has no option "alpha"; it has function');
    expect(() => inferShapes(changed({ function: 'gelu' }))).toThrow('got "gelu"');
  });
});
