import { xorshift32 } from '../random/xorshift32.ts';

const PIECE = 1 << 14;
let piece: Float32Array | undefined;

/**
 * Fill an input of `length` elements with data for timing: numbers in ±1 of ordinary size, since zeros, denormals and NaN
 * change how long arithmetic takes. The same on every call.
 *
 * The data comes in pieces that the runtime copies straight to where it wants them. A whole array of it would only be garbage
 * afterwards, and megabytes of garbage per model make JavaScript collect it in the middle of timed runs.
 *
 * @param write - stores a piece, which it must not keep or change, from element `offset` on
 */
export function writeInputNoise(length: number, write: (piece: Float32Array, offset: number) => void): void {
  piece ??= drawPiece();
  for (let offset = 0; offset < length; offset += PIECE) {
    write(offset + PIECE <= length ? piece : piece.subarray(0, length - offset), offset);
  }
}

/** Xorshift, 24 bits of it. */
function drawPiece(): Float32Array {
  let x = 0x2545f491;
  return new Float32Array(PIECE).map(() => {
    x = xorshift32(x);
    return ((x >> 8) + 0.5) / 0x80_0000;
  });
}
