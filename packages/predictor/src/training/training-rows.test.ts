import { describe, expect, it } from 'vitest';
import { checkTrainingRows, type TrainingRow } from './training-rows.ts';

const names = ['HW', 'CIN'];
const row = (id: string, latencyMs: number, features: readonly number[] = [8, 16]): TrainingRow => ({
  id,
  kernel: 'relu',
  features,
  latencyMs,
});
const good = [row('A', 1, [8, 16]), row('B', 2, [16, 16]), row('C', 3, [32, 8])];

describe('checkTrainingRows', () => {
  it('has nothing to say about good rows', () => {
    expect(checkTrainingRows(good, names)).toEqual({ rows: good, problems: [] });
  });

  it('leaves out and names latencies that are NaN, zero, negative or infinite', () => {
    const bad = [row('N', Number.NaN), row('Z', 0), row('M', -1), row('I', Number.POSITIVE_INFINITY)];
    const { rows, problems } = checkTrainingRows([...good, ...bad], names);
    expect(rows).toEqual(good);
    expect(problems).toEqual([
      {
        kind: 'invalid-latency',
        message:
          '4 rows were left out because the latency is not a positive number: relu/N, relu/Z, relu/M, relu/I (NaN, 0, -1, Infinity ms).',
        ids: ['relu/N', 'relu/Z', 'relu/M', 'relu/I'],
        excluded: true,
      },
    ]);
  });

  it('leaves out and names rows with missing or infinite features', () => {
    const { rows, problems } = checkTrainingRows([...good, row('S', 1, [1]), row('X', 1, [1, Number.NaN])], names);
    expect(rows).toEqual(good);
    expect(problems).toMatchObject([{ kind: 'invalid-features', ids: ['relu/S', 'relu/X'], excluded: true }]);
  });

  it('keeps contradicting measurements of one configuration and says so', () => {
    const { rows, problems } = checkTrainingRows([...good, row('D', 1.3, [8, 16]), row('E', 2.01, [16, 16])], names);
    expect(rows).toHaveLength(5);
    expect(problems).toMatchObject([{ kind: 'conflicting-latencies', ids: ['relu/A', 'relu/D'], excluded: false }]);
  });

  it('leaves out repeated rows, and keeps other rows that share an id', () => {
    const { rows, problems } = checkTrainingRows([...good, good[0]!, row('B', 5, [64, 4])], names);
    expect(rows.map(({ id }) => id)).toEqual(['A', 'B', 'C', 'B']);
    expect(problems).toMatchObject([
      { kind: 'repeated-row', ids: ['relu/A'], excluded: true },
      { kind: 'repeated-id', ids: ['relu/B'], excluded: false },
    ]);
  });

  it('does not mix up kernels of a family', () => {
    const other = { ...row('A', 9, [8, 16]), kernel: 'bn-relu' };
    expect(checkTrainingRows([...good, other], names)).toEqual({ rows: [...good, other], problems: [] });
  });

  it('names features that never change', () => {
    const { problems } = checkTrainingRows([row('A', 1, [8, 1]), row('B', 2, [8, 2])], names);
    expect(problems).toMatchObject([{ kind: 'constant-feature', excluded: false }]);
    expect(problems[0]!.message).toBe('1 feature is the same in all rows, so nothing can be learned about it: HW.');
    expect(checkTrainingRows([row('A', 1, [8, 1]), row('B', 2, [8, 2])], names, ['HW']).problems).toEqual([]);
  });

  it('shows a few examples of many', () => {
    const many = Array.from({ length: 8 }, (_, i) => row(`Z${i}`, 0));
    expect(checkTrainingRows(many, names).problems[0]!.message).toContain('relu/Z4 and 3 more');
  });
});
