import { GraphBuilder } from '@nnm/core';
import { lowerGraph } from '../lowering/lower-graph.ts';
import { decodeTensorShape } from '../lowering/onnx-schema.ts';
import { BLOCKED_DOMAIN } from './cut-out.ts';
import { readModelFile } from './model-file.ts';

/** A convolution with fewer filters than any block has: the runtime fills its weights up to a whole block. */
export function layoutProbe(): Uint8Array {
  const g = new GraphBuilder('layout');
  return lowerGraph(g.build(g.conv2d(g.input([1, 4, 4, 3]), 4, { kernelSize: 3 })));
}

/**
 * How the runtime keeps the channels of images on this CPU: `nchwc8` or `nchwc16` in blocks, `nchw` where it does not.
 *
 * @param optimised - what it made of {@link layoutProbe}
 */
export function layoutOf(optimised: Uint8Array): string {
  const { nodes, initializers } = readModelFile(optimised);
  const convolution = nodes.find(({ domain, operator }) => domain === BLOCKED_DOMAIN && operator === 'Conv');
  const weight = convolution && initializers.get(convolution.inputs[1] as string);
  return weight === undefined ? 'nchw' : `nchwc${decodeTensorShape(weight.content)[0]}`;
}
