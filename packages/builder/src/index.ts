// What the signatures above mention, so that a program needs no third package.
export {
  type AnyBackend,
  type AnyKernel,
  createRegistry,
  type Implement,
  type KernelConfig,
  type Plugin,
  type Registry,
  runToEnd,
} from '@nnm/core';
export {
  FeatureMismatchError,
  featuresForPredictor,
  InvalidFeaturesError,
  type LatencyInterval,
  type Metrics,
  type OutsideReasons,
  type Prediction,
  type Predictor,
  predictKernel,
  predictKernels,
  type TrainedPredictor,
} from '@nnm/predictor';
export type { Environment, LatencyStats, MeasurementFlag, ProfileEvent, ProfilePolicy, ProfileRecord, ProfileSummary } from '@nnm/profiler';
export * from './adaptive/adaptive.ts';
export { type AdoptedFolder, adoptFolder } from './adopt/adopt-folder.ts';
export type { FoundFile } from './adopt/kernel-files.ts';
export { type CheckReport, checkWorkspace } from './check/check-workspace.ts';
export type { Finding } from './check/finding.ts';
export { type ImportedData, importedFile, importedRows, importKernelData } from './data/imported-data.ts';
export type { EarlierResult, KernelDataItem, KernelDataPart, KernelDataSource } from './data/kernel-data-source.ts';
export { journalFile, type MarkedConfig, type MeasuredData, readMeasured, type Setting } from './data/measured-data.ts';
export { type ReadKernelData, readKernelData } from './data/read-kernel-data.ts';
export type { SampleSource } from './data/read-samples.ts';
export * from './stages/adaptive-by-data.ts';
export * from './stages/build.ts';
export * from './stages/collect.ts';
export * from './stages/context.ts';
export * from './stages/convert.ts';
export * from './stages/events.ts';
export * from './stages/family.ts';
export * from './stages/features.ts';
export * from './stages/kernel-build.ts';
export * from './stages/kernel-id.ts';
export { kernelHasChanged } from './stages/kernel-probes.ts';
export { latencyFile } from './stages/latency-export.ts';
export * from './stages/outputs.ts';
export * from './stages/predict.ts';
export * from './stages/profile.ts';
export * from './stages/records.ts';
export * from './stages/sample.ts';
export * from './stages/train.ts';
export * from './stages/train-workspace.ts';
export * from './status/workspace-status.ts';
export * from './workspace/index.ts';
