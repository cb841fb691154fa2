import { expect, it } from 'vitest';
import { Rng } from '../random/index.ts';
import { pairKernel } from './__fixtures__/pair-kernel.ts';
import { configKey, sampleFinegrained, samplePrior } from './index.ts';

const context = () => ({ rng: new Rng(1) });
const pair = (channels: number) => ({ HW: 7, CIN: channels, COUT: channels });

it.each([
  ['nothing', () => undefined, /gave nothing \(undefined\) from priorConfigSampling, not a list/],
  ['null', () => null, /gave null from/],
  ['a promise', async () => [pair(4)], /gave a promise from/],
  [
    'a generator',
    function* () {
      yield pair(4);
    },
    /gave an iterator from/,
  ],
  ['an empty list', () => [], /gave no configuration of the 5 that priorConfigSampling was asked for/],
  [
    'a float',
    () => [pair(4), { ...pair(4), HW: 3.5 }],
    /gave 1 wrong configurations of 2 from .*: \[1\] HW must be an integer from 1 to 64, got 3.5/,
  ],
  ['texts', () => [{ HW: '7', CIN: 4, COUT: 4 }], /\[0\] HW must be a number, got "7"/],
  ['a missing key', () => [{ HW: 7, CIN: 4 }], /\[0\] COUT is missing/],
  ['holes', () => [undefined], /\[0\] is not a configuration/],
  [
    'an error',
    () => {
      throw new TypeError('no prior');
    },
    /failed in priorConfigSampling: no prior/,
  ],
])('a sampler that gives %s is named', (_, sample, message) => {
  const ask = () => samplePrior(pairKernel(sample), 5, context());
  expect(ask).toThrow(expect.objectContaining({ code: 'ERR_SAMPLER_FAILED', message: expect.stringMatching(message) }));
  expect(ask).toThrow(/^The sampler of pair /);
});

it('says so of configurations that the kernel refuses', () => {
  const refusing = { ...pairKernel(() => [{ HW: 7, CIN: 4, COUT: 8 }]), refusals: () => [{ key: 'COUT', message: 'must equal CIN' }] };
  expect(() => samplePrior(refusing, 5, context())).toThrow(/\[0\] COUT must equal CIN/);
});

it('leaves a block that fails for one configuration to the measuring', () => {
  expect(
    samplePrior(
      pairKernel(() => [{ HW: 13, CIN: 4, COUT: 4 }]),
      5,
      context(),
    ),
  ).toHaveLength(1);
});

it('leaves out repeats and what is excluded, and takes no more than it asked for', () => {
  const kernel = pairKernel(() => [pair(4), { COUT: 4, CIN: 4, HW: 7 }, pair(6), pair(8), pair(6), pair(10)]);
  expect(samplePrior(kernel, 5, context())).toEqual([pair(4), pair(6), pair(8), pair(10)]);
  expect(samplePrior(kernel, 2, context())).toEqual([pair(4), pair(6)]);
  expect(samplePrior(kernel, 5, { ...context(), exclude: new Set([configKey(pair(4))]) })).toEqual([pair(6), pair(8), pair(10)]);
  expect(sampleFinegrained(kernel, 1, [pair(12), pair(14)], context())).toEqual([pair(4), pair(6)]);
});

it("keys stand in the order of the space, and what comes back is not the sampler's own object", () => {
  const own = { COUT: 4, CIN: 4, HW: 7 };
  const [config] = samplePrior(
    pairKernel(() => [own]),
    5,
    context(),
  );
  expect(Object.keys(config ?? {})).toEqual(['HW', 'CIN', 'COUT']);
  expect(config).not.toBe(own);
});

it('an empty list is fine where little is left: limits, exclusions, fine-grained sampling', () => {
  const kernel = pairKernel(() => []);
  expect(samplePrior(kernel, 0, context())).toEqual([]);
  expect(samplePrior(kernel, 5, { ...context(), limits: { maxFlops: 1, maxBytes: 1 } })).toEqual([]);
  expect(samplePrior(kernel, 5, { ...context(), exclude: new Set(['x']) })).toEqual([]);
  expect(sampleFinegrained(kernel, 5, [pair(4)], context())).toEqual([]);
});
