import { xorshift32 } from '../random/xorshift32.ts';

/**
 * Numbers until the noise repeats. Processors learn the branches of a short period: ONNX Runtime's PReLU, which branches at every sign, takes a
 * fifth of its time on inputs that repeat after 2^10 numbers, and all of it from 2^16 on (docs/measurements/profiling.md).
 */
export const NOISE_PERIOD = 1 << 18;
/** Made once: numbers of both signs, and positive ones. */
const pieces = new Map<boolean, Float32Array>();

/** What the names of inputs start with that hold positive numbers only, as the logarithm needs them; `GraphBuilder` gives them. */
export const POSITIVE_INPUT = 'positive';

/** True for an input that is to be timed with positive numbers, by its name in the graph and in the model file. */
export const isPositiveInput = (name: string): boolean => name.startsWith(POSITIVE_INPUT);

/**
 * Fill an input of `length` elements with data for timing: numbers in ±1 of ordinary size, since zeros, denormals and NaN
 * change how long arithmetic takes. The same on every call. Inputs of operators that positive numbers are for have them in (0, 1).
 *
 * The data comes in pieces that the runtime copies straight to where it wants them. A whole array of it would only be garbage
 * afterwards, and megabytes of garbage per model make JavaScript collect it in the middle of timed runs.
 *
 * @param write - stores a piece, which it must not keep or change, from element `offset` on
 * @param positive - see {@link isPositiveInput}; default false
 */
export function writeInputNoise(length: number, write: (piece: Float32Array, offset: number) => void, positive = false): void {
  const piece = pieces.get(positive) ?? (positive ? drawPiece().map(Math.abs) : drawPiece());
  pieces.set(positive, piece);
  for (let offset = 0; offset < length; offset += NOISE_PERIOD) {
    write(offset + NOISE_PERIOD <= length ? piece : piece.subarray(0, length - offset), offset);
  }
}

/** Xorshift, 24 bits of it. */
function drawPiece(): Float32Array {
  let x = 0x2545f491;
  return new Float32Array(NOISE_PERIOD).map(() => {
    x = xorshift32(x);
    return ((x >> 8) + 0.5) / 0x80_0000;
  });
}
