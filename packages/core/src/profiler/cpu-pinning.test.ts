import { describe, expect, it } from 'vitest';
import { chooseCpus, parseCpuList } from './cpu-pinning.ts';

describe('parseCpuList', () => {
  it('reads ranges and single numbers', () => {
    expect(parseCpuList('0-2,5, 7-8')).toEqual([0, 1, 2, 5, 7, 8]);
    expect(parseCpuList('')).toEqual([]);
  });
});

describe('chooseCpus', () => {
  it('takes the last ones', () => {
    expect(chooseCpus([0, 1, 2, 3], 2, () => 0)).toEqual([2, 3]);
  });

  it('prefers fast cores to late ones', () => {
    expect(chooseCpus([0, 1, 2, 3], 1, (cpu) => (cpu < 2 ? 5e6 : 3e6))).toEqual([1]);
  });
});
