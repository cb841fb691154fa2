import { describe, expect, it } from 'vitest';
import { Rng } from '../random/index.ts';
import { DrawnTensor } from './drawn-tensor.ts';

const draw = (...shape: number[]) => new DrawnTensor(shape, { center: 0, spread: 1 }, new Rng(1).fork('tensor'));

function byFilter(tensor: DrawnTensor, first = 0, length = tensor.length - first): Float32Array {
  const target = new Float32Array(length);
  tensor.copyByFilter(target, first);
  return target;
}

describe('a drawn constant', () => {
  it('has its first values at seed 1', () => {
    expect([...draw(4).data]).toMatchInlineSnapshot(`
      [
        -0.1205717921257019,
        -0.6797096133232117,
        0.5500002503395081,
        -0.20369237661361694,
      ]
    `);
  });

  it.each([[[5]], [[2, 3]], [[3, 1, 4, 7]], [[300, 500]], [[65_521, 2]], [[3, 70_000]]])(
    'of shape %j is one sequence, by filter or by shape',
    (shape) => {
      const tensor = draw(...shape);
      const { data } = tensor;
      const filters = shape.at(-1) as number;
      const perFilter = tensor.length / filters;
      const sequence = byFilter(tensor);
      expect(data).toHaveLength(shape.reduce((product, size) => product * size, 1));
      let wrong = 0;
      for (let row = 0; row < perFilter; row++) {
        for (let filter = 0; filter < filters; filter++) if (data[row * filters + filter] !== sequence[filter * perFilter + row]) wrong++;
      }
      expect(wrong).toBe(0);
    },
  );

  it('can be copied from anywhere, beyond where it repeats', () => {
    const tensor = draw(400, 500);
    const whole = byFilter(tensor);
    for (const [first, length] of [
      [0, 1],
      [65_520, 3],
      [65_521, 65_521],
      [70_000, 130_000],
      [199_999, 1],
    ] as const) {
      expect(byFilter(tensor, first, length)).toEqual(whole.slice(first, first + length));
    }
  });

  it('is spread evenly and gives every filter values of its own', () => {
    const tensor = draw(1024, 512);
    const values = byFilter(tensor);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(variance).toBeCloseTo(1 / 3, 2);
    expect(values.every((value) => Math.abs(value) < 1)).toBe(true);
    expect(new Set(Array.from({ length: 512 }, (_, filter) => values[filter * 1024])).size).toBe(512);
  });

  it('has only ordinary numbers: no zero, none that is denormal', () => {
    for (const spread of [0.1, Math.sqrt(6 / 25088)]) {
      const tensor = new DrawnTensor([70_000], { center: 0, spread }, new Rng(3));
      expect(tensor.data.every((value) => Math.abs(value) > 1e-30 && Math.abs(value) < 1)).toBe(true);
    }
  });
});
