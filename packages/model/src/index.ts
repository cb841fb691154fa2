export type { AttributeValue, ElementType, ModelFormat, ModelGraph, ModelNode, ModelTensor } from './graph/model-graph.ts';
export { liftModel } from './lift/lift-model.ts';
export type { DetectedKernel, Gap, LiftedModel, LiftedOp } from './lift/lifted-model.ts';
export { liftOnnx } from './lift/onnx/lift-onnx.ts';
export { type ByteSource, bytesSource } from './read/byte-source.ts';
export { FreeDimensionError, InvalidModelError } from './read/errors.ts';
export { readOnnx } from './read/onnx/read-onnx.ts';
export { readModel } from './read/read-model.ts';
export type { ModelReader, ReadContext, ReadOptions } from './read/read-options.ts';
