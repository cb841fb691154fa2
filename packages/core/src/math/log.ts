import { highWord, withHighWord } from './double-words.ts';

// e_log.c and s_log1p.c of FreeBSD's msun, from Sun's fdlibm.
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc. business. Permission to
// use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const L1 = 0.6666666666666735;
const L2 = 0.3999999999940942;
const L3 = 0.2857142874366239;
const L4 = 0.22222198432149784;
const L5 = 0.1818357216161805;
const L6 = 0.15313837699209373;
const L7 = 0.14798198605116586;

/** High word of the square root of 2, without its exponent, counted from where fdlibm begins an octave. */
const OCTAVE = 0x95f64;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/**
 * Natural logarithm, the same to the last bit on every engine, with an error below 1 ulp. See {@link exp} for why.
 */
export function log(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let k = 0;
  let normal = x;
  if (x < SMALLEST_NORMAL) {
    normal = x * 2 ** 54;
    k = -54;
  }
  const high = highWord(normal);
  k += (high >> 20) - 1023;
  const fraction = high & 0xfffff;
  const shift = (fraction + OCTAVE) & 0x100000;
  k += shift >> 20;
  const f = withHighWord(normal, fraction | (shift ^ 0x3ff00000)) - 1;
  if ((0xfffff & (2 + fraction)) < 3) {
    if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + k * LN2_LOW;
    const small = f * f * (0.5 - 0.3333333333333333 * f);
    return k === 0 ? f - small : k * LN2_HIGH - (small - k * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = w * (L2 + w * (L4 + w * L6));
  const even = z * (L1 + w * (L3 + w * (L5 + w * L7)));
  const r = odd + even;
  if (((fraction - 0x6147a) | (0x6b851 - fraction)) > 0) {
    const half = 0.5 * f * f;
    return k === 0 ? f - (half - s * (half + r)) : k * LN2_HIGH - (half - (s * (half + r) + k * LN2_LOW) - f);
  }
  return k === 0 ? f - s * (f - r) : k * LN2_HIGH - (s * (f - r) - k * LN2_LOW - f);
}

/**
 * `log(1 + x)`, exact for small `x` too, the same to the last bit on every engine, with an error below 1 ulp.
 */
export function log1p(x: number): number {
  if (x === -1) return Number.NEGATIVE_INFINITY;
  if (!(x > -1)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const size = Math.abs(x);
  if (size < 2 ** -54) return x;
  if (size < 2 ** -29) return x - x * x * 0.5;
  let k = 0;
  let f = x;
  let correction = 0;
  let isNearOne = false;
  // Between 1 / sqrt(2) - 1 and sqrt(2) - 1, `1 + x` needs no scaling.
  if (x <= -0.2928932309150696 || x >= 0.4142131805419922) {
    const isSmall = size < 2 ** 53;
    let u = isSmall ? 1 + x : x;
    let high = highWord(u);
    k = (high >> 20) - 1023;
    if (isSmall) correction = (k > 0 ? 1 - (u - x) : x - (u - 1)) / u;
    high &= 0xfffff;
    if (high < 0x6a09e) {
      u = withHighWord(u, high | 0x3ff00000);
    } else {
      k += 1;
      u = withHighWord(u, high | 0x3fe00000);
      high = (0x100000 - high) >> 2;
    }
    f = u - 1;
    isNearOne = high === 0;
  }
  const half = 0.5 * f * f;
  if (isNearOne) {
    if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + (correction + k * LN2_LOW);
    const small = half * (1 - 0.6666666666666666 * f);
    return k === 0 ? f - small : k * LN2_HIGH - (small - (k * LN2_LOW + correction) - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const r = z * (L1 + z * (L2 + z * (L3 + z * (L4 + z * (L5 + z * (L6 + z * L7))))));
  return k === 0 ? f - (half - s * (half + r)) : k * LN2_HIGH - (half - (s * (half + r) + (k * LN2_LOW + correction)) - f);
}
