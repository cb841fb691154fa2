import { type Attrs, int } from '../../graph-model/graph-def.ts';
import type { NodeRef } from '../../graph-model/graph-model-builder.ts';
import { writeDepthwise } from '../depthwise.ts';
import { fusedParts } from '../fused-layer.ts';
import { layerWeights } from '../layer-weights.ts';
import type { Lowering } from '../lowering.ts';
import { convWindow } from '../window.ts';

/** Groups are written as `Split`, a convolution each and `ConcatV2`: TensorFlow.js has none. A group per channel is a depthwise one. */
export const conv2d: Lowering<'conv2d'> = {
  op: 'conv2d',
  support: {
    runs: 'native',
    note: '_FusedConv2D; Conv2D without bias; FusedDepthwiseConv2dNative with a group per channel; Pad before it for explicit padding; groups are composed: Split, a convolution each, ConcatV2; strides and dilation together are refused',
  },
  foldsBatchNorm: true,
  fusesActivation: () => true,
  lower(writer, op) {
    const channels = writer.shape()[3]! / op.groups;
    if (op.groups > 1 && channels === 1) {
      writeDepthwise(writer, op);
      return;
    }
    const { x, attrs } = convWindow(writer, op);
    const { kernel, bias } = layerWeights(writer);
    const filters = op.filters / op.groups;
    const parts = (group: number): readonly [string, readonly NodeRef[], Attrs] => {
      const suffix = op.groups === 1 ? '' : `_${group}`;
      const weights = writer.weights(`kernel${suffix}`, [...op.kernelSize, channels, filters], kernel({ index: group, count: op.groups }));
      const first = group * filters;
      const fused = fusedParts(writer, bias?.subarray(first, first + filters), suffix, first);
      return [fused ? '_FusedConv2D' : 'Conv2D', [weights, ...(fused?.operands ?? [])], { ...attrs, ...fused?.attrs }];
    };
    if (op.groups === 1) {
      const [node, operands, all] = parts(0);
      writer.last(node, [x, ...operands], all);
      return;
    }
    const cut = writer.step('Split', [writer.integer(3), x], { num_split: int(op.groups) });
    const results = Array.from({ length: op.groups }, (_, group) => {
      const [node, operands, all] = parts(group);
      return writer.step(node, [group === 0 ? cut : `${cut}:${group}`, ...operands], all);
    });
    writer.last('ConcatV2', [...results, writer.integer(3)], { N: int(op.groups) });
  },
};
