import { expect, it } from 'vitest';
import { closeDimensions, OpenDimensionsError } from './open-dimensions.ts';

const image = { name: 'image', shape: [-1, 3, -1, -1], dimensionNames: ['N', undefined, 'H', 'W'] };

it('takes sizes by name and by input and axis, the latter first; what the file fixes stays; an open batch is 1', () => {
  expect(closeDimensions('b', [image], { H: 32, W: 64 })).toEqual([[1, 3, 32, 64]]);
  expect(closeDimensions('b', [image], { H: 32, W: 64, 'image.3': 16, N: 4 })).toEqual([[4, 3, 32, 16]]);
  const state = { name: 'state', shape: [2, -1, 64], dimensionNames: [undefined, 'N'] };
  expect(closeDimensions('b', [image, state], { H: 32, W: 64 })).toEqual([
    [1, 3, 32, 64],
    [2, 1, 64],
  ]);
  expect(closeDimensions('b', [{ name: 'x', shape: [2, 0, 5] }], {})).toEqual([[2, 0, 5]]);
  expect(closeDimensions('b', [{ name: 'x', shape: [2, 5] }], { 'x.1': 7 })).toEqual([[2, 7]]);
});

it('names everything that is still open, and how to give it', () => {
  const open = () => closeDimensions('b', [image, { name: 'state', shape: [2, -1] }], { H: 32 });
  expect(open).toThrow(OpenDimensionsError);
  expect(open).toThrow('b cannot run this model as it is: the file leaves open axis 3 (W) of "image", axis 1 of "state".');
  expect(open).toThrow(
    expect.objectContaining({
      hint: 'Say how large they are in configs/backend_config.yaml: DIMENSIONS: { W: <size>, state.1: <size> }.',
    }),
  );
});
