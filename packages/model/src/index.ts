export { type KernelGraphOptions, liftKernelGraph } from './graph/from-kernel-graph.ts';
export type { AttributeValue, ElementType, ModelFormat, ModelGraph, ModelNode, ModelTensor } from './graph/model-graph.ts';
export type { DetectedKernel, Gap, LiftedModel, LiftedOp } from './lift/lifted-model.ts';
export { type ByteSource, bytesSource } from './read/byte-source.ts';
export { FreeDimensionError, InvalidModelError } from './read/errors.ts';
export type { ModelReader, ReadContext, ReadOptions } from './read/read-options.ts';
