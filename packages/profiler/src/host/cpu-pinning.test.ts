import { describe, expect, it } from 'vitest';
import { chooseCpus, parseCpuList, parseCpuTimes } from './cpu-pinning.ts';

describe('parseCpuList', () => {
  it('reads ranges and single numbers', () => {
    expect(parseCpuList('0-2,5, 7-8')).toEqual([0, 1, 2, 5, 7, 8]);
    expect(parseCpuList('')).toEqual([]);
  });
});

describe('parseCpuTimes', () => {
  it('counts everything but idle and waiting as busy', () => {
    const stat = 'cpu  8 0 8 80 4 0 0 0 0 0\ncpu0 4 0 4 40 2 0 0 0 0 0\ncpu1 1 2 3 4 5 6 7 8 9 10\nintr 5';
    expect([...parseCpuTimes(stat)]).toEqual([
      [0, { busy: 8, total: 50 }],
      [1, { busy: 27, total: 36 }],
    ]);
  });
});

describe('chooseCpus', () => {
  it('takes the last ones', () => {
    expect(chooseCpus([0, 1, 2, 3], 2, () => 0)).toEqual([2, 3]);
  });

  it('avoids busy ones while others are free', () => {
    const busy = new Map([
      [3, 0.9],
      [2, 0.1],
    ]);
    expect(chooseCpus([0, 1, 2, 3], 1, () => 0, busy)).toEqual([2]);
    expect(chooseCpus([3], 1, () => 0, busy)).toEqual([3]);
  });

  it('prefers fast cores to late ones', () => {
    expect(chooseCpus([0, 1, 2, 3], 1, (cpu) => (cpu < 2 ? 5e6 : 3e6))).toEqual([1]);
  });
});
