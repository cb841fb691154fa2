import { describe, expect, it } from 'vitest';
import { InvalidConfigError } from '../errors/index.ts';
import { pairKernel } from './__fixtures__/pair-kernel.ts';
import { checkConfig, configProblems } from './index.ts';

const kernel = pairKernel();
const said = (config: unknown): string =>
  configProblems(kernel, config)
    .map(({ key, message }) => `${key ?? ''} ${message}`.trim())
    .join('; ');

describe('configProblems', () => {
  it('finds nothing wrong with a valid configuration, whatever the order of its keys', () => {
    expect(said({ COUT: 4, CIN: 4, HW: 7 })).toBe('');
  });

  it.each([
    [undefined, /is not a configuration such as/],
    [[7, 4, 4], /is not a configuration/],
    [{ HW: 7, CIN: 4 }, /^COUT is missing$/],
    [{ HW: 7, CIN: 4, COUT: 4, GROUPS: 2 }, /^GROUPS is not a key of this kernel \(HW, CIN, COUT\)$/],
    [{ HW: 7.5, CIN: 4, COUT: 4 }, /^HW must be an integer from 1 to 64, got 7.5$/],
    [{ HW: Number.NaN, CIN: 4, COUT: 4 }, /^HW must be an integer from 1 to 64, got NaN$/],
    [{ HW: 65, CIN: 4, COUT: 4 }, /^HW must be an integer from 1 to 64, got 65$/],
    [{ HW: 7, CIN: 3, COUT: 4 }, /^CIN must be a multiple of 2, got 3$/],
    [{ HW: '7', CIN: 4, COUT: 4 }, /^HW must be a number, got "7"$/],
    [Object.create({ HW: 7, CIN: 4, COUT: 4 }), /^HW is missing; CIN is missing; COUT is missing$/],
    [{ HW: 7, CIN: 4, COUT: 4, toString: 1 }, /^toString is not a key/],
  ])('says what is wrong with %j', (config, message) => {
    expect(said(config)).toMatch(message);
  });

  it('shows what JSON cannot hold', () => {
    expect(said({ HW: 7n, CIN: 4, COUT: 4 })).toBe('HW must be a number, got 7');
  });

  it('asks the block what the ranges cannot tell', () => {
    expect(said({ HW: 7, CIN: 4, COUT: 8 })).toMatch(/^its block cannot build it: The graph "pair" is not valid/);
    expect(said({ HW: 13, CIN: 4, COUT: 4 })).toBe('its block cannot build it: thirteen is unlucky');
  });

  it("asks the kernel's own `refusals` instead when it has them", () => {
    const own = { ...kernel, refusals: () => [{ key: 'CIN', message: 'is not to my liking' }] };
    expect(configProblems(own, { HW: 7, CIN: 4, COUT: 4 })).toEqual([{ key: 'CIN', message: 'is not to my liking' }]);
  });
});

it('checkConfig throws all of them at once', () => {
  expect(() => checkConfig(kernel, { HW: 0, CIN: 4 })).toThrow(InvalidConfigError);
  expect(() => checkConfig(kernel, { HW: 0, CIN: 4 })).toThrow(/pair: HW must be .*; COUT is missing\./);
});
