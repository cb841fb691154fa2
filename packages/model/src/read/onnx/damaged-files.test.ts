import { NnmError } from '@nnm/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { liftModel } from '../../lift/lift-model.ts';
import { bytesSource } from '../byte-source.ts';
import { graph, integers, localFunction, model, node, value, weights } from './__fixtures__/write-onnx.ts';
import { readOnnx } from './read-onnx.ts';

const branch = { graph: graph({ nodes: [node('Abs', ['pooled'], ['inside'])], outputs: [value('inside', undefined)] }) };

/** A file with something of everything. */
const WHOLE = model(
  {
    nodes: [
      node('Conv', ['x', 'w', 'b'], ['conv'], { strides: [2, 2], pads: [1, 1, 1, 1], group: 1 }),
      node('mine::Act', ['conv'], ['act']),
      node('MaxPool', ['act'], ['pooled'], { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }),
      node('If', ['c'], ['chosen'], { then_branch: branch, else_branch: branch }),
      node('Shape', ['pooled'], ['shape']),
      node('Slice', ['shape', 'zeros', 'ones'], ['batch']),
      node('Concat', ['batch', 'rest'], ['target'], { axis: 0 }),
      node('Reshape', ['pooled', 'target'], ['flat']),
      node('Gemm', ['flat', 'dense', 'bias'], ['y'], { transB: 1, alpha: { float: 1 } }),
    ],
    constants: [
      weights('w', [4, 3, 3, 3]),
      weights('b', [4]),
      integers('zeros', [0]),
      integers('ones', [1]),
      integers('rest', [-1]),
      weights('dense', [5, 64]),
      weights('bias', [5]),
    ],
    inputs: [value('x', ['batch', 3, 16, 16]), value('c', [1], 9)],
    outputs: [value('y', [1, 5]), value('chosen', undefined)],
    values: [value('pooled', [1, 4, 4, 4])],
  },
  { functions: [localFunction('Act', 'mine', ['a'], ['b'], [node('Relu', ['a'], ['b'])])] },
);

/** Reads and lifts; an error of nnm is an answer, anything else is not. */
function read(bytes: Uint8Array): string {
  try {
    const lifted = liftModel(readOnnx(bytesSource(bytes), { name: 'damaged.onnx' }));
    for (const { nodes, gap } of lifted.ops) expect(gap ?? nodes.length).toBeTruthy();
    return 'a graph';
  } catch (error) {
    if (!NnmError.isInstance(error)) throw error;
    expect(error.message).toContain('damaged.onnx');
    return error.code;
  }
}

it('reads the file that is damaged below', () => {
  expect(read(WHOLE)).toBe('a graph');
});

it('answers a cut file by an error or a graph', () => {
  for (let length = 0; length < WHOLE.length; length++) read(WHOLE.subarray(0, length));
});

it('answers flipped bits by an error or a graph', () => {
  const flips = fc.array(fc.tuple(fc.nat(WHOLE.length - 1), fc.nat(7)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(flips, (places) => {
      const bytes = Uint8Array.from(WHOLE);
      for (const [at, bit] of places) bytes[at] = (bytes[at] as number) ^ (1 << bit);
      read(bytes);
    }),
    { numRuns: 1500, seed: 7 },
  );
});

it('answers bytes that were put in or taken out by an error or a graph', () => {
  fc.assert(
    fc.property(fc.nat(WHOLE.length - 1), fc.nat(20), fc.uint8Array({ maxLength: 20 }), (at, gone, put) => {
      read(Uint8Array.from([...WHOLE.subarray(0, at), ...put, ...WHOLE.subarray(at + gone)]));
    }),
    { numRuns: 1000, seed: 7 },
  );
});

it('answers any bytes by an error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      read(bytes);
    }),
    { numRuns: 1000, seed: 7 },
  );
});
