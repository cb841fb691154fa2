import { type AnyBackend, Rng, type Runtime, runToEnd } from '@nnm/core';
import { expect, it } from 'vitest';
import { virtualBackend, virtualModel } from '../__fixtures__/virtual-backend.ts';
import { profileKernels } from '../run/profile-kernels.ts';

/**
 * A backend whose runtime loses its GPU at the first run of some models: for so many of its starts, or in every one.
 *
 * @param fails - false for a run that is never over, as in WebGL, whose fences are not reached any more
 */
function losingBackend(
  losers: Readonly<Record<string, number>>,
  fails = true,
): { readonly backend: AnyBackend; readonly starts: () => number } {
  const left = new Map(Object.entries(losers));
  const backend = virtualBackend(() => 1);
  const start = backend.runtime as () => Runtime;
  let starts = 0;
  const runtime = (): Runtime => {
    starts++;
    const virtual = start();
    let lost: string | undefined;
    return {
      ...virtual,
      lost: () => lost,
      load: async (bytes) => {
        const model = await virtual.load(bytes);
        const name = new TextDecoder().decode(bytes);
        return {
          ...model,
          run: async () => {
            // Once it is lost, everything fails, or seems to be done at once.
            if (lost !== undefined) throw new Error('mapAsync failed');
            if ((left.get(name) ?? 0) > 0) {
              left.set(name, left.get(name)! - 1);
              // As in a browser: the news come after the call that it was lost in.
              setTimeout(() => {
                lost = 'the GPU device was lost (reset)';
              });
              if (!fails) await new Promise(() => undefined);
              throw new Error('the queue is gone');
            }
            await model.run();
          },
        };
      },
    };
  };
  return { backend: Object.assign(backend, { runtime }), starts: () => starts };
}

const profile = async (backend: AnyBackend) => {
  const reasons: string[] = [];
  const jobs = ['a', 'b', 'c', 'd'].map((id) => ({ id, hash: 'h', model: () => virtualModel(id) }));
  const options = { backend, settings: {}, rng: new Rng(3), policy: { gate: 0, revisitAfterMs: 0 } };
  const summary = await runToEnd(profileKernels(jobs, options), (event) => {
    if (event.type === 'retry') reasons.push(event.reason);
  });
  return { ...summary, reasons };
};

it.each([
  ['fails', true],
  ['is never over', false],
] as const)('a lost GPU whose run %s costs a visit: the runtime is started again, and all kernels are measured', async (_, fails) => {
  const { backend, starts } = losingBackend({ b: 1 }, fails);
  const { counts, reasons } = await profile(backend);
  expect(counts).toMatchObject({ ok: 4, failed: 0 });
  expect(starts()).toBe(2);
  expect(reasons).toEqual([expect.stringMatching(/lost what it computes on: the GPU device was lost \(reset\) while running a model\.$/)]);
});

it('a kernel that loses the GPU every time is one failed record, and the others are measured', async () => {
  const { backend } = losingBackend({ b: 100 });
  const { counts, failures } = await profile(backend);
  expect(counts).toMatchObject({ ok: 3, failed: 1 });
  expect(failures).toMatchObject([{ ids: ['b'], message: expect.stringContaining('the GPU device was lost (reset)') }]);
});
