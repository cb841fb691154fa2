import type { Shape } from '@nnm/core';
import type { Chain } from './chain.ts';
import type { TensorIndex } from './model-builder.ts';

/** Abramowitz and Stegun 7.1.26: `1 - (a1 t + ... + a5 t^5) exp(-x^2)` with `t = 1 / (1 + p x)`, for `x >= 0`. */
const P = 0.3275911;
const COEFFICIENTS = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];

/** The error function as two factors: its magnitude and its sign, which is 0 at 0. */
export function writeErf(chain: Chain, x: TensorIndex, shape: Shape): { readonly factor: TensorIndex; readonly sign: TensorIndex } {
  const { model } = chain.context;
  const magnitude = chain.step('ABS', [x], shape);
  const denominator = chain.step('ADD', [chain.step('MUL', [magnitude, model.scalar(P)], shape), model.scalar(1)], shape);
  const t = chain.step('DIV', [model.scalar(1), denominator], shape);
  const [first, ...rest] = COEFFICIENTS as [number, ...number[]];
  let sum = chain.step('MUL', [t, model.scalar(first)], shape);
  for (const coefficient of rest) {
    sum = chain.step('MUL', [chain.step('ADD', [sum, model.scalar(coefficient)], shape), t], shape);
  }
  const bell = chain.step('EXP', [chain.step('NEG', [chain.step('MUL', [x, x], shape)], shape)], shape);
  const factor = chain.step('SUB', [model.scalar(1), chain.step('MUL', [sum, bell], shape)], shape);
  // The sign without a comparison: x / max(|x|, least), where the least is far below what the polynomial can tell from 0.
  const sign = chain.step('DIV', [x, chain.step('MAXIMUM', [magnitude, model.scalar(1e-30)], shape)], shape);
  return { factor, sign };
}
