export { resolveAxes, resolveAxis } from './axes.ts';
export { broadcastShapes, combineBroadcast } from './broadcast.ts';
export { DrawnTensor } from './drawn-tensor.ts';
export * from './graph-builder.ts';
export { GRAPH_HASH_VERSION, graphHash } from './graph-hash.ts';
export * from './infer-shapes.ts';
export { type LayoutGroup, LayoutGroups } from './layout-groups.ts';
export type { OpBase } from './operator.ts';
export { OPERATORS, type OpNamed } from './operators.ts';
export type {
  ActivationFunction,
  ActivationOp,
  AvgPoolOp,
  BatchNormOp,
  Conv2dOp,
  Conv2dOptions,
  ConvOptions,
  DepthwiseConv2dOp,
  DepthwiseConv2dOptions,
  MaxPoolOp,
  PadMode,
  ResizeCoordinates,
} from './ops/index.ts';
export { paddedSource } from './ops/pad.ts';
export * from './padding.ts';
export { readOps } from './read-ops.ts';
export type { ReduceOp, ReduceOptions } from './reduce.ts';
export type { ReferenceValue } from './reference-value.ts';
export { resolveTransposedPadding } from './transposed-padding.ts';
export * from './types.ts';
export { UNSUPPORTED_OPERATORS } from './unsupported-operators.ts';
export { countElements } from './values.ts';
export { pick } from './walk.ts';
export { type DrawnWeights, drawWeights, type OpWeights, type WeightTensor, weightShapes } from './weights.ts';
export type { Window, WindowOptions } from './window.ts';
export * from './work.ts';
