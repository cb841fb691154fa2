import { highWord, withHighWord } from './double-words.ts';

// e_exp.c of FreeBSD's msun, from Sun's fdlibm.
// Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and distribute this
// software is freely granted, provided that this notice is preserved.

const LARGEST = 709.782712893384;
const SMALLEST = -745.1332191019411;
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const INVERSE_LN2 = Math.LOG2E;
const P1 = 0.16666666666666602;
const P2 = -0.0027777777777015593;
const P3 = 6.613756321437934e-5;
const P4 = -1.6533902205465252e-6;
const P5 = 4.1381367970572385e-8;
const TWO_POW_MINUS_1000 = 9.332636185032189e-302;

/**
 * `e` to the power of `x`, the same to the last bit on every engine, with an error below 1 ulp.
 *
 * `Math.exp` may differ in the last bit from engine to engine, and a last bit can decide which of two equally good splits a tree takes.
 */
export function exp(x: number): number {
  if (!(x >= SMALLEST)) return Number.isNaN(x) ? x : 0;
  if (x > LARGEST) return Number.POSITIVE_INFINITY;
  const size = Math.abs(x);
  if (size < 2 ** -28) return 1 + x;
  let high = x;
  let low = 0;
  let k = 0;
  if (size > 0.5 * Math.LN2) {
    // What follows would get the last bit of `e` wrong.
    if (x === 1) return Math.E;
    if (size < 1.5 * Math.LN2) k = x < 0 ? -1 : 1;
    else k = Math.trunc(INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5));
    high = x - k * LN2_HIGH;
    low = k * LN2_LOW;
  }
  const rest = high - low;
  const t = rest * rest;
  const c = rest - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
  if (k === 0) return 1 - ((rest * c) / (c - 2) - rest);
  const y = 1 - (low - (rest * c) / (2 - c) - high);
  if (k === 1024) return y * 2 * 2 ** 1023;
  if (k >= -1021) return withHighWord(y, highWord(y) + (k << 20));
  return withHighWord(y, highWord(y) + ((k + 1000) << 20)) * TWO_POW_MINUS_1000;
}
