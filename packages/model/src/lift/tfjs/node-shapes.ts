import type { Shape } from '@nnm/core';
import type { ModelNode, ModelTensor } from '../../graph/model-graph.ts';
import { nodeShapes } from '../tensorflow/node-shapes.ts';
import { TFJS } from './dialect.ts';

/** Shapes of a node's results as core's rules say them; undefined for what they do not know. */
export const tfjsNodeShapes = (node: ModelNode, tensors: ReadonlyMap<string, ModelTensor>): readonly (Shape | undefined)[] =>
  nodeShapes(TFJS, node, tensors);
