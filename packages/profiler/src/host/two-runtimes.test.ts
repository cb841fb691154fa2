import type { Runtime, RuntimeFactory } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { resolvePolicy } from '../policy.ts';
import { startLocalHost } from './runtime-host.ts';

/** A runtime with its own time, all of whose runs take `ms`; every run lets others go first. */
function slowRuntime(ms: number): RuntimeFactory<unknown> {
  return (): Runtime => {
    let now = 0;
    return {
      info: { runtime: 'Slow', version: '1', threads: 1, options: {} },
      now: () => now,
      load: () => ({
        run: async () => {
          await new Promise((resolve) => setImmediate(resolve));
          now += ms;
        },
        execute: (inputs) => inputs,
        close: () => undefined,
      }),
      close: () => undefined,
    };
  };
}

const model = new Uint8Array(1);
const plan = { ...resolvePolicy(), patienceMs: 0, quietMs: Number.POSITIVE_INFINITY, clearMs: Number.POSITIVE_INFINITY };

describe('two runtimes in one process', () => {
  it('do not touch each other’s timings, whatever they do at the same time', async () => {
    const hosts = await Promise.all([4, 5].map((ms) => startLocalHost(slowRuntime(ms), {}, model)));
    const results = await Promise.all(
      hosts.map(async (host) => {
        const [visit, probes] = await Promise.all([
          host.visit({ id: 'k', model, keep: false, forget: [] }, plan),
          host.probe(50, { probeWarmRuns: 2, probeTimedRuns: 2 }),
        ]);
        return { times: visit.visit.slices.flatMap(({ minMs, medianMs, meanMs, probeMs }) => [minMs, medianMs, meanMs, probeMs]), probes };
      }),
    );
    for (const [index, { times, probes }] of results.entries()) {
      expect(new Set(times)).toEqual(new Set([4 + index]));
      expect(new Set(probes)).toEqual(new Set([4 + index]));
    }
  });
});
