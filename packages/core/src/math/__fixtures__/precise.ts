/** Fixed-point arithmetic with 1200 bits behind the point: slow, obvious, and far more exact than a double. */
const BITS = 1200n;
const ONE = 1n << BITS;

/** A double as a fixed-point number; exact. */
export function toFixed(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const exponent = Number((word >> 52n) & 0x7ffn);
  const fraction = (word & 0xfffffffffffffn) | (exponent === 0 ? 0n : 1n << 52n);
  const shift = BITS + BigInt(Math.max(exponent, 1) - 1075);
  const size = shift >= 0n ? fraction << shift : fraction >> -shift;
  return value < 0 ? -size : size;
}

const LN2 = 2n * artanh(ONE / 3n);

/** `artanh(x) = x + x³/3 + x⁵/5 + …` */
function artanh(x: bigint): bigint {
  const square = (x * x) >> BITS;
  let power = x;
  let sum = 0n;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n;
    power = (power * square) >> BITS;
  }
  return sum;
}

/** Natural logarithm of a positive fixed-point number. */
export function preciseLog(x: bigint): bigint {
  const k = BigInt(x.toString(2).length - 1) - BITS;
  const mantissa = k >= 0n ? x >> k : x << -k;
  return 2n * artanh(((mantissa - ONE) << BITS) / (mantissa + ONE)) + k * LN2;
}

/** `e` to the power of a fixed-point number. */
export function preciseExp(x: bigint): bigint {
  const k = x / LN2;
  const rest = x - k * LN2;
  let term = ONE;
  let sum = 0n;
  for (let n = 1n; term !== 0n; n += 1n) {
    sum += term;
    term = ((term * rest) >> BITS) / n;
  }
  return k >= 0n ? sum << k : sum >> -k;
}

/** How far `value` is from the exact result, in units of its last place. */
export function ulpsFrom(exact: bigint, value: number): number {
  const size = Math.abs(value);
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, size);
  bits.setBigUint64(0, bits.getBigUint64(0) + 1n);
  const ulp = toFixed(bits.getFloat64(0)) - toFixed(size);
  const difference = exact - toFixed(value);
  return Number((1_000_000n * (difference < 0n ? -difference : difference)) / ulp) / 1e6;
}
