export type { AttributeValue, ElementType, ModelFormat, ModelGraph, ModelNode, ModelTensor } from './graph/model-graph.ts';
export type { DetectedKernel, Gap, LiftedModel, LiftedOp } from './lift/lifted-model.ts';
