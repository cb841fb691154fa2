import { describe, expect, it } from 'vitest';
import { GraphBuilder } from './index.ts';

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
    ['an unknown activation', (g, x) => g.activation(x, 'relu7'), 'got "relu7"'],
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
    ['a number of parts that is none', (g, x) => g.split(x, 0)[0] ?? x, 'split "" has 0 outputs, needs at least 1'],
    ['a value that is none', (g, x) => g.add(x), 'add uses "undefined", which is not defined before it'],
    [
      'two mistakes at once',
      (g, x) => g.conv2d(x, 0, { kernelSize: 3, stride: 2 }),
      'needs filters to be an integer >= 1, got 0, and has no option "stride" (did you mean "strides"?)',
    ],
  ])('%s', (_, write, message) => {
    const g = new GraphBuilder('broken');
    const output = write(g, g.input([1, 8, 8, 4]));
    expect(() => g.build(output)).toThrow(message);
  });
});
