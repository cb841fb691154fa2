import { NO_OPTIONS, oneOf, size2d, toSize2d } from '../attributes.ts';
import type { OpBase, Operator } from '../operator.ts';
import { emptyValue } from '../reference-value.ts';
import { countElements, type Shape, type Size2d, type ValueId } from '../values.ts';
import { imageSizes } from '../window.ts';

/** Which point of the input a pixel of the output is taken from. */
export type ResizeCoordinates = 'half-pixel' | 'aligned-corners' | 'asymmetric';

/**
 * An image of another height and width.
 *
 * @shapes `[n, h, w, c]` to `[n, ...size, c]`
 */
export interface ResizeOp extends OpBase {
  readonly op: 'resize';
  readonly size: Size2d;
  readonly method: 'nearest' | 'bilinear';
  readonly coordinates: ResizeCoordinates;
}

/** Options of {@link ResizeMethods.resize}. */
export interface ResizeOptions {
  /** `[height, width]` of the output, or one number for a square. */
  readonly size: number | Size2d;
  /** `bilinear` (default) or `nearest`. */
  readonly method?: 'nearest' | 'bilinear';
  /**
   * `half-pixel`: `(i + 1/2) * scale - 1/2`; `aligned-corners`: `i * (in - 1) / (out - 1)`; `asymmetric`: `i * scale`, where `scale` is
   * `in / out`. Default `half-pixel`, for `nearest` `asymmetric`, as PyTorch has it.
   */
  readonly coordinates?: ResizeCoordinates;
}

/** Methods of `GraphBuilder`. */
export interface ResizeMethods {
  /** Another height and width, by the nearest pixel or between the four around. */
  resize(x: ValueId, options: ResizeOptions): ValueId;
}

function sourceOf(i: number, input: number, output: number, coordinates: ResizeCoordinates): number {
  if (coordinates === 'aligned-corners') return output === 1 ? 0 : (i * (input - 1)) / (output - 1);
  return coordinates === 'half-pixel' ? ((i + 0.5) * input) / output - 0.5 : (i * input) / output;
}

/** Pixels along one axis that a pixel of the output is made of, with their shares. */
function taps(i: number, input: number, output: number, op: ResizeOp): readonly (readonly [index: number, share: number])[] {
  const at = sourceOf(i, input, output, op.coordinates);
  const within = (index: number): number => Math.min(Math.max(index, 0), input - 1);
  // Halves are rounded up; without half pixels and aligned corners every fraction is cut off.
  if (op.method === 'nearest') return [[within(op.coordinates === 'asymmetric' ? Math.floor(at) : Math.floor(at + 0.5)), 1]];
  const share = at - Math.floor(at);
  return [
    [within(Math.floor(at)), 1 - share],
    [within(Math.floor(at) + 1), share],
  ];
}

export const resize: Operator<ResizeOp, ResizeMethods> = {
  op: 'resize',
  attributes: {
    size: size2d,
    method: oneOf(['nearest', 'bilinear']),
    coordinates: oneOf(['half-pixel', 'aligned-corners', 'asymmetric']),
  },
  lastArgument: 'options',
  methods: {
    resize: (
      writer,
      x,
      { size, method = 'bilinear', coordinates = method === 'nearest' ? 'asymmetric' : 'half-pixel', ...unknown } = NO_OPTIONS,
    ) => writer.add<ResizeOp>({ op: 'resize', inputs: [x], size: toSize2d(size), method, coordinates }, unknown),
  },
  infer({ size }, [x], fail) {
    const [n, , , c] = imageSizes(x, fail);
    return [[n, ...size, c]];
  },
  flops: ({ method }, _, [output]) => (method === 'nearest' ? 0 : 8) * countElements(output as Shape),
  compute(op, { inputs: [image], shapes: [shape] }) {
    const [n, h, w, c] = image!.shape as readonly [number, number, number, number];
    const [oh, ow] = op.size;
    const output = emptyValue(shape!);
    for (let batch = 0; batch < n; batch++) {
      for (let y = 0; y < oh; y++) {
        for (let x = 0; x < ow; x++) {
          const out = ((batch * oh + y) * ow + x) * c;
          for (const [row, rowShare] of taps(y, h, oh, op)) {
            for (const [column, share] of taps(x, w, ow, op)) {
              const from = ((batch * h + row) * w + column) * c;
              for (let i = 0; i < c; i++) output.data[out + i]! += rowShare * share * image!.data[from + i]!;
            }
          }
        }
      }
    }
    return [output];
  },
  edges: {
    'resize, bilinear to twice the size': (g) => g.resize(g.input([2, 3, 4, 3]), { size: [6, 8] }),
    'resize, bilinear to an odd size': (g) => g.resize(g.input([1, 4, 5, 2]), { size: [7, 3] }),
    'resize, bilinear with aligned corners': (g) => g.resize(g.input([1, 4, 5, 2]), { size: [7, 9], coordinates: 'aligned-corners' }),
    'resize, bilinear, asymmetric': (g) => g.resize(g.input([1, 4, 5, 2]), { size: [6, 10], coordinates: 'asymmetric' }),
    'resize, nearest to twice the size': (g) => g.resize(g.input([2, 3, 4, 3]), { size: [6, 8], method: 'nearest' }),
    'resize, nearest with half pixels': (g) =>
      g.resize(g.input([1, 5, 7, 2]), { size: [3, 4], method: 'nearest', coordinates: 'half-pixel' }),
    'resize, nearest with aligned corners': (g) =>
      g.resize(g.input([1, 4, 4, 2]), { size: [7, 6], method: 'nearest', coordinates: 'aligned-corners' }),
    'resize of one pixel': (g) => g.resize(g.input([1, 1, 1, 3]), { size: 4 }),
  },
};
