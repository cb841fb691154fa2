import { count } from '../attributes.ts';
import type { OpBase, Operator } from '../operator.ts';
import type { ValueId } from '../values.ts';
import { pick } from '../walk.ts';
import { imageSizes } from '../window.ts';

/**
 * Channels spread over blocks of pixels: channel `(y * blockSize + x) * c + i` becomes channel `i` of the block's pixel `[y, x]`.
 *
 * @shapes `[n, h, w, c * blockSize^2]` to `[n, h * blockSize, w * blockSize, c]`
 */
export interface DepthToSpaceOp extends OpBase {
  readonly op: 'depthToSpace';
  readonly blockSize: number;
}

/** Methods of `GraphBuilder`. */
export interface DepthToSpaceMethods {
  /** Channels to pixels; also known as pixel shuffle, in the order of TensorFlow and ONNX's DCR. */
  depthToSpace(x: ValueId, blockSize: number): ValueId;
}

export const depthToSpace: Operator<DepthToSpaceOp, DepthToSpaceMethods> = {
  op: 'depthToSpace',
  attributes: { blockSize: count },
  methods: {
    depthToSpace: (writer, x, blockSize) => writer.add<DepthToSpaceOp>({ op: 'depthToSpace', inputs: [x], blockSize }),
  },
  infer({ blockSize: b }, [x], fail) {
    const [n, h, w, c] = imageSizes(x, fail);
    if (c % (b * b) !== 0) fail(`cannot spread ${c} channels over ${b}x${b} pixels`);
    return [[n, h * b, w * b, c / (b * b)]];
  },
  flops: () => 0,
  compute({ blockSize: b }, { inputs: [image], shapes: [shape] }) {
    const channels = shape![3]!;
    return [
      pick(image!, shape!, ([n, y, x, c]) => [n!, Math.floor(y! / b), Math.floor(x! / b), ((y! % b) * b + (x! % b)) * channels + c!]),
    ];
  },
  edges: {
    depthToSpace: (g) => g.depthToSpace(g.input([2, 3, 2, 8]), 2),
    'depthToSpace in blocks of one': (g) => g.depthToSpace(g.input([1, 2, 3, 4]), 1),
    'depthToSpace in blocks of three': (g) => g.depthToSpace(g.input([1, 2, 2, 18]), 3),
  },
};
