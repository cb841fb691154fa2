import { type DrawnTensor, resolveTransposedPadding } from '@nnm/core';
import { ints, text } from '../../graph-model/graph-def.ts';
import type { LazyElements } from '../../graph-model/graph-model-builder.ts';
import type { Lowering } from '../lowering.ts';
import { perAxis } from '../window.ts';

/** Weights are `[kh, kw, filters, cin]`. Explicit pixels are cut off the result of `VALID` with a `Slice`. */
export const transposedConv2d: Lowering<'transposedConv2d'> = {
  op: 'transposedConv2d',
  support: { runs: 'native', note: 'Conv2DBackpropInput, BiasAdd; explicit padding is composed with Slice' },
  lower(writer, op) {
    const [n, h, w, channels] = writer.shape() as readonly [number, number, number, number];
    const output = writer.outputShape;
    const full = [n, (h - 1) * op.strides[0] + op.kernelSize[0], (w - 1) * op.strides[1] + op.kernelSize[1], op.filters];
    const isWhole = op.padding === 'same' || full.join() === output.join();
    const { kernel, bias } = writer.draw();
    const weights = writer.weights('kernel', [...op.kernelSize, op.filters, channels], swapLast(kernel!));
    const attrs = {
      data_format: text('NHWC'),
      dilations: ints([1, 1, 1, 1]),
      explicit_paddings: ints([]),
      padding: text(op.padding === 'same' ? 'SAME' : 'VALID'),
      strides: ints(perAxis(op.strides)),
    };
    const inputs = [writer.list(isWhole ? output : full), weights, writer.x];
    if (isWhole && bias === undefined) {
      writer.last('Conv2DBackpropInput', inputs, attrs);
      return;
    }
    const image = writer.step('Conv2DBackpropInput', inputs, attrs);
    const { top, left } = resolveTransposedPadding(op.padding, 'tensorflow', op.kernelSize, op.strides);
    const cut = [writer.list([0, top, left, 0]), writer.list(output)];
    if (bias === undefined) writer.last('Slice', [image, ...cut]);
    else {
      const whole = isWhole ? image : writer.step('Slice', [image, ...cut]);
      writer.last('BiasAdd', [whole, writer.weights('bias', [op.filters], bias.data)], { data_format: text('NHWC') });
    }
  },
};

/** `[kh, kw, cin, filters]` as `[kh, kw, filters, cin]`. */
function swapLast({ shape, data }: DrawnTensor): LazyElements {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return {
    write(target) {
      for (let to = 0; to < target.length; to++) {
        const within = to % (rows * columns);
        target[to] = data[to - within + (within % rows) * columns + Math.floor(within / rows)]!;
      }
    },
  };
}
