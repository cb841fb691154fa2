import { count } from '../attributes.ts';
import type { OpBase, Operator } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { pick } from '../walk.ts';
import { imageSizes } from '../window.ts';

/**
 * Blocks of pixels put into channels: channel `i` of a block's pixel `[y, x]` becomes channel `(y * blockSize + x) * c + i`.
 *
 * @shapes `[n, h * blockSize, w * blockSize, c]` to `[n, h, w, c * blockSize^2]`
 */
export interface SpaceToDepthOp extends OpBase {
  readonly op: 'spaceToDepth';
  readonly blockSize: number;
}

/** Methods of `GraphBuilder`. */
export interface SpaceToDepthMethods {
  /** Pixels to channels, the way back of `depthToSpace`. */
  spaceToDepth(x: ValueId, blockSize: number): ValueId;
}

export const spaceToDepth: Operator<SpaceToDepthOp, SpaceToDepthMethods> = {
  op: 'spaceToDepth',
  attributes: { blockSize: count },
  methods: {
    spaceToDepth: (writer, x, blockSize) => writer.add<SpaceToDepthOp>({ op: 'spaceToDepth', inputs: [x], blockSize }),
  },
  infer({ blockSize: b }, [x], fail) {
    const [n, h, w, c] = imageSizes(x, fail);
    if (h % b !== 0 || w % b !== 0) fail(`cannot cut ${h}x${w} pixels into blocks of ${b}x${b}`);
    return [[n, h / b, w / b, c * b * b]];
  },
  flops: () => 0,
  compute({ blockSize: b }, { inputs: [image], shapes: [shape] }) {
    const channels = image!.shape[3]!;
    return [
      pick(image!, shape!, ([n, y, x, c]) => {
        const pixel = Math.floor(c! / channels);
        return [n!, y! * b + Math.floor(pixel / b), x! * b + (pixel % b), c! % channels];
      }),
    ];
  },
  edges: {
    spaceToDepth: (g) => g.spaceToDepth(g.input([2, 4, 6, 3]), 2),
    'spaceToDepth in blocks of three': (g) => g.spaceToDepth(g.input([1, 6, 3, 2]), 3),
  },
};
