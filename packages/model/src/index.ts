export * from './browser.ts';
export { calibrationRow, countedNetworks } from './calibrate/calibrate.ts';
export { CALIBRATION_FORMS, type CalibrationForm } from './calibrate/calibration.ts';
export { fitCalibration, LEAST_NETWORKS, type MeasuredNetwork } from './calibrate/fit-calibration.ts';
export { fitReorders } from './calibrate/fit-reorders.ts';
export {
  type FailedNetwork,
  type MeasuredWhole,
  measureModel,
  measureNetwork,
  type NetworkJob,
  type NetworkMeasurement,
  type NetworkMeasuring,
} from './calibrate/measure-network.ts';
export { detectKernels } from './detect/detect-kernels.ts';
export { exactParts, type PartDifference, partDifferences } from './detect/exact-parts.ts';
export type { Part } from './detect/find-parts.ts';
export { type FusionRules, parseFusionRules } from './detect/fusion-rules.ts';
export { type ModelParts, modelParts } from './detect/model-parts.ts';
export { modelValues } from './detect/model-values.ts';
export { partGraph } from './detect/part-graph.ts';
export { Recogniser } from './detect/recognise.ts';
export { BASIC_FUSION_CASES } from './fusion/basic-cases.ts';
export { type AnsweredCase, type DetectedFusions, detectFusions, type FusionDetection } from './fusion/detect-fusions.ts';
export type { FusionAnswer, FusionVerdict, Measured } from './fusion/judge-fusion.ts';
export { liftModel } from './lift/lift-model.ts';
export { type MemoryOptions, type ModelMemory, measureMemory } from './memory/model-memory.ts';
export { builtInRules, bundleRules } from './predict/bundle-rules.ts';
export { fitWorkEstimate, type MeasuredWork } from './price/fit-work-estimate.ts';
export { type MeasuredParts, measureParts } from './price/measure-parts.ts';
export { type ByteSource, bytesSource } from './read/byte-source.ts';
export { readOnnx } from './read/onnx/read-onnx.ts';
export { readModel } from './read/read-model.ts';
export type { ReadContext, ReadOptions } from './read/read-options.ts';
export { writeCalibration } from './workspace/calibration-file.ts';
export { type NetworkFiles, networkFiles } from './workspace/network-files.ts';
export { writeRules } from './workspace/rules-file.ts';
export {
  type BundleSetting,
  likeliestEnvironment,
  type WorkspaceBundle,
  workspaceBundle,
  workspaceEstimate,
} from './workspace/workspace-bundle.ts';
