export { detectKernels } from './detect/detect-kernels.ts';
export { type FusionRules, parseFusionRules } from './detect/fusion-rules.ts';
export { Recogniser } from './detect/recognise.ts';
export { TFLITE_CPU_RULES } from './detect/rules/tflite-cpu.ts';
export { TORCH_CPU_RULES } from './detect/rules/torch-cpu.ts';
export type { AttributeValue, ElementType, ModelFormat, ModelGraph, ModelNode, ModelTensor } from './graph/model-graph.ts';
export type { DetectedKernel, Gap, LiftedModel, LiftedOp } from './lift/lifted-model.ts';
