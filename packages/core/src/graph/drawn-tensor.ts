import type { Rng } from '../random/index.ts';
import { xorshift32 } from '../random/xorshift32.ts';
import type { Shape } from './values.ts';

/**
 * Elements after which a constant's values repeat. A prime larger than most filters, so that no two filters and no two rows
 * of a layout are alike, and small enough (256 KiB) to stay in a core's own cache while megabytes are copied from it.
 */
const PERIOD = 65_521;

/** How a constant is drawn: uniformly in `center ± spread`. */
export interface Distribution {
  readonly center: number;
  readonly spread: number;
}

/**
 * One constant of an op, `shape` with the output channels last.
 *
 * Its values are a sequence, laid out filter by filter: all weights of the first output channel in the order of the other
 * axes, then those of the second. That is the order in which model files keep large weights, so they are copied and never
 * transposed. Nothing is drawn before it is asked for.
 */
export class DrawnTensor {
  /** Number of elements. */
  readonly length: number;
  private sequence: Float32Array | undefined;
  private elements: Float32Array | undefined;

  /** @param rng - of this constant alone */
  constructor(
    readonly shape: Shape,
    private readonly distribution: Distribution,
    private readonly rng: Rng,
  ) {
    this.length = shape.reduce((product, size) => product * size, 1);
  }

  /** All elements in the order of `shape`; made when first asked for. */
  get data(): Float32Array {
    this.elements ??= this.toShapeOrder();
    return this.elements;
  }

  /**
   * Copy a part of the elements, filter by filter: the output channels first, then the other axes in their order.
   *
   * @param target - what to fill, from its start to its end
   * @param first - index of the first element in that order; default 0
   */
  copyByFilter(target: Float32Array, first = 0): void {
    const sequence = this.drawSequence();
    let from = first % sequence.length;
    for (let to = 0; to < target.length; ) {
      const end = Math.min(sequence.length, from + target.length - to);
      target.set(from === 0 && end === sequence.length ? sequence : sequence.subarray(from, end), to);
      to += end - from;
      from = 0;
    }
  }

  private toShapeOrder(): Float32Array {
    const sequence = this.drawSequence();
    const filters = this.shape.at(-1) ?? 1;
    const perFilter = this.length / filters;
    const step = perFilter % sequence.length;
    const data = new Float32Array(this.length);
    for (let row = 0, to = 0; row < perFilter; row++) {
      let from = row % sequence.length;
      for (let filter = 0; filter < filters; filter++) {
        data[to++] = sequence[from] as number;
        from += step;
        if (from >= sequence.length) from -= sequence.length;
      }
    }
    return data;
  }

  private drawSequence(): Float32Array {
    this.sequence ??= draw(Math.min(PERIOD, this.length), this.distribution, this.rng);
    return this.sequence;
  }
}

/** Uniform values with 24 random bits each; one multiply-add per element, exactly rounded to float32. */
function draw(length: number, { center, spread }: Distribution, rng: Rng): Float32Array {
  const data = new Float32Array(length);
  const step = spread / 0x80_0000;
  let x = rng.uint32() | 1;
  for (let i = 0; i < length; i++) {
    x = xorshift32(x);
    data[i] = center + ((x >> 8) + 0.5) * step;
  }
  return data;
}
