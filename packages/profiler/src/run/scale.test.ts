import { Rng, runToEnd } from '@nnm/core';
import { expect, it, vi } from 'vitest';
import { virtualBackend, virtualModel } from '../__fixtures__/virtual-backend.ts';
import { assessVisits } from '../measure/assess.ts';
import { KernelLedger } from './kernel-ledger.ts';
import { profileKernels } from './profile-kernels.ts';

vi.mock('../measure/assess.ts', async (load) => {
  const real = await load<typeof import('../measure/assess.ts')>();
  return { ...real, assessVisits: vi.fn(real.assessVisits) };
});

/** The work of a run, counted: judgements of kernels, and steps over the entries of the ledger. */
async function workOf(count: number): Promise<{ readonly judged: number; readonly walked: number }> {
  const judge = vi.mocked(assessVisits).mockClear();
  let walked = 0;
  const map = Map.prototype[Symbol.iterator];
  const values = Map.prototype.values;
  const spies = [
    vi.spyOn(Map.prototype, Symbol.iterator).mockImplementation(function (this: Map<unknown, unknown>) {
      walked += this.size;
      return map.call(this);
    }),
    vi.spyOn(Map.prototype, 'values').mockImplementation(function (this: Map<unknown, unknown>) {
      walked += this.size;
      return values.call(this);
    }),
  ];
  const jobs = Array.from({ length: count }, (_, index) => ({ id: `k${index}`, hash: 'h', model: () => virtualModel('k') }));
  const run = profileKernels(jobs, {
    backend: virtualBackend((model) => (model === 'reference' ? 0.05 : 1)),
    settings: {},
    referenceModel: () => virtualModel('reference'),
    rng: new Rng(1),
  });
  const { counts } = await runToEnd(run);
  for (const spy of spies) spy.mockRestore();
  expect(counts.ok).toBe(count);
  return { judged: judge.mock.calls.length, walked };
}

it('does work in proportion to the number of kernels', async () => {
  const few = await workOf(50);
  const many = await workOf(400);
  expect(many.judged).toBeLessThanOrEqual(8 * few.judged);
  // Histograms of the gate are walked after each visit; they do not grow with the kernels.
  expect(many.walked).toBeLessThan(12 * few.walked);
});

it('knows how many kernels are finished without counting them', () => {
  const jobs = Array.from({ length: 3 }, (_, index) => ({ id: `k${index}`, hash: 'h' }));
  const ledger = new KernelLedger(jobs, {} as never);
  const failed = { status: 'failed', id: 'k1', error: { code: 'ERR_X', message: 'No.' } } as const;
  expect([ledger.setRecord(failed), ledger.setRecord(failed), ledger.finished]).toEqual([false, true, 1]);
});
