import { describe, expect, it } from 'vitest';
import { formatLatency, joinKernelData, mergeKernelFiles, parseLatency } from './kernel-data.ts';

const entry = (CIN: number) => ({ model: '', shapes: [], config: { CIN } });

describe('latency text', () => {
  it('writes and reads back', () => {
    expect(formatLatency(37.53, 0.314)).toBe('37.53 +- 0.314');
    expect(parseLatency('37.53 +- 0.314')).toEqual({ latencyMs: 37.53, spreadMs: 0.314 });
    expect(parseLatency(formatLatency(0.000123456789, 0))).toEqual({ latencyMs: 0.000123457, spreadMs: 0 });
    expect(parseLatency('2.5')).toEqual({ latencyMs: 2.5 });
    expect(formatLatency(2.5, undefined)).toBe('2.5 +- nan');
    expect(parseLatency('2.5 +- nan')).toEqual({ latencyMs: 2.5 });
    expect(parseLatency('2.5 +- -1')).toEqual({ latencyMs: 2.5 });
    expect(parseLatency(2.5)).toEqual({ latencyMs: 2.5 });
    expect(parseLatency('nan +- 0')?.latencyMs).toBeNaN();
  });

  it.each(['', 'fast', '1 +- 2 +- 3', '1 +- much'])('does not read "%s"', (text) => {
    expect(parseLatency(text)).toBeUndefined();
  });
});

describe('joinKernelData', () => {
  it('names and counts what it cannot use', () => {
    const configs = { relu: { AAAAAA: entry(1), BBBBBB: entry(2), CCCCCC: entry(3), DDDDDD: entry(4), EEEEEE: entry(1) } };
    const latencies = {
      relu: {
        AAAAAA: { latency: '1 +- 0' },
        BBBBBB: { latency: '-2 +- 0' },
        DDDDDD: { latency: 'nan +- 0' },
        EEEEEE: { latency: '2' },
        ZZZZZZ: { latency: '1' },
      },
    };
    const { rows, problems } = joinKernelData('relu', configs, latencies);
    expect(rows.map(({ id, latencyMs }) => [id, latencyMs])).toEqual([
      ['AAAAAA', 1],
      ['EEEEEE', 2],
    ]);
    expect(problems.map(({ message }) => message)).toEqual([
      '1 id with a configuration but no latency: CCCCCC',
      '1 id with a latency but no configuration: ZZZZZZ',
      '2 ids with a latency that is not a positive number of milliseconds: BBBBBB ("-2 +- 0"), DDDDDD ("nan +- 0")',
      '1 pair with the same configuration but latencies that differ by more than 10 %: AAAAAA and EEEEEE',
    ]);
  });

  it('merges files of several rounds, later ones winning', () => {
    expect(mergeKernelFiles([{ relu: { A: 1, B: 1 } }, { relu: { B: 2 }, add: { C: 3 } }])).toEqual({
      relu: { A: 1, B: 2 },
      add: { C: 3 },
    });
  });
});
