import { describe, expect, it } from 'vitest';
import { describeDifference, type Environment, environmentDifferences } from './environment.ts';

const environment: Environment = {
  cpu: 'AMD EPYC',
  cores: 2,
  memoryBytes: 8e9,
  platform: 'linux',
  arch: 'x64',
  governor: 'performance',
  runtime: { runtime: 'TensorFlow Lite', version: '2.9.0', threads: 1, options: { delegate: 'xnnpack', library: '/a/lib.so' } },
  isolation: 'process',
  pinned: true,
  node: '20.20.2',
  nnm: '0.1.0',
};

describe('environmentDifferences', () => {
  it('is empty for what cannot change a latency: versions of Node and nnm, memory, pinning, where the library lies', () => {
    const runtime = { ...environment.runtime, options: { ...environment.runtime.options, library: '/b/lib.so' } };
    expect(
      environmentDifferences(environment, { ...environment, runtime, node: '24.1.0', nnm: '0.2.0', pinned: false, memoryBytes: 1 }),
    ).toEqual([]);
  });

  it('compares layouts where both are known', () => {
    const withLayout = (layout: string) => ({ ...environment, runtime: { ...environment.runtime, layout } });
    expect(environmentDifferences(environment, withLayout('nchwc8'))).toEqual([]);
    expect(environmentDifferences(withLayout('nchwc16'), withLayout('nchwc8')).map(describeDifference)).toEqual([
      'layout was nchwc16, is nchwc8',
    ]);
  });

  it('lists what can, in words', () => {
    const { governor: _governor, ...rest } = environment;
    const runtime = { ...environment.runtime, version: '2.16.1', threads: 4, options: { delegate: 'none', library: '/a/lib.so' } };
    expect(environmentDifferences(environment, { ...rest, cpu: 'Apple M2', runtime }).map(describeDifference)).toEqual([
      'CPU was AMD EPYC, is Apple M2',
      'CPU governor was performance, is none',
      'runtime version was 2.9.0, is 2.16.1',
      'threads was 1, is 4',
      'option delegate was xnnpack, is none',
    ]);
  });
});
