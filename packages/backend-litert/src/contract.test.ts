import { backendContract } from '@nnm/core/testing';
import { describe, it } from 'vitest';
import { startOnce } from './__fixtures__/one-runtime.ts';
import { litertWasm } from './index.ts';

describe.each([
  { settings: {}, share: 1 },
  { settings: { SIMD: 'relaxed' }, share: 8 },
  { settings: { THREADS: 2 }, share: 8 },
])('litert_wasm with $settings', ({ settings, share }) => {
  const shared = backendContract(litertWasm, { settings, factory: () => startOnce(settings) });
  for (const [index, { name, run }] of backendContract(litertWasm, { settings }).entries()) {
    const computes = name.includes(': computes ');
    // Other builds of the same code: a sample of the graphs is enough.
    if (!computes || index % share === 0) it(name, computes ? (shared[index]?.run ?? run) : run);
  }
});
