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
export { chooseInformativeConfigs, type InformativeChoice } from './adaptive/adaptive.ts';
export { type AdoptedFolder, adoptFolder } from './adopt/adopt-folder.ts';
export type { FoundFile } from './adopt/kernel-files.ts';
export { type CheckReport, checkWorkspace } from './check/check-workspace.ts';
export type { Finding } from './check/finding.ts';
export { completeConfig } from './data/complete-config.ts';
export { type ImportedData, importKernelData, rowsBeside } from './data/imported-data.ts';
export type { EarlierResult, KernelDataItem, KernelDataPart, KernelDataSource } from './data/kernel-data-source.ts';
export { journalFile, type MarkedConfig, type MeasuredData, readMeasured, type Setting } from './data/measured-data.ts';
export { mergeRepeats } from './data/merge-repeats.ts';
export { type ReadKernelData, readKernelData } from './data/read-kernel-data.ts';
export type { SampleSource } from './data/read-samples.ts';
export {
  type DevicePlace,
  findDevice,
  forgetDevice,
  HERE,
  isHere,
  kindIdOf,
  type NamedDevice,
  type NamedDevices,
  nameDevice,
  namesFor,
  readNamedDevices,
} from './devices/index.ts';
export * from './stages/adaptive-by-data.ts';
export {
  type BuildReport,
  buildInitialPredictorByData,
  buildLatencyPredictor,
  buildPredictorForKernel,
  chooseFirstRound,
  type FirstRound,
} from './stages/build.ts';
export * from './stages/collect.ts';
export * from './stages/context.ts';
export { type ConvertedSample, convertModels } from './stages/convert.ts';
export * from './stages/events.ts';
export type { FamilyPredictor } from './stages/family.ts';
export { getFeatureParser } from './stages/features.ts';
export { type KernelBuild, kernelSettings } from './stages/kernel-build.ts';
export * from './stages/kernel-id.ts';
export { kernelHasChanged } from './stages/kernel-probes.ts';
export { latencyFile } from './stages/latency-export.ts';
export { type FoundPredictor, NoPredictorError, readPredictor, readPredictorFile } from './stages/predict.ts';
export * from './stages/profile.ts';
export { type MeasuredModels, measureModels } from './stages/profile-jobs.ts';
export {
  type FailedSample,
  type KernelSample,
  type LabelledSample,
  labelledSamples,
  type Mark,
  type MeasuredSample,
} from './stages/records.ts';
export { type ConfigSampleOptions, generateConfigSample, kernelGraph, type SamplingSetup } from './stages/sample.ts';
export { type BuiltPredictor, buildPredictorByData, type TrainOptions } from './stages/train.ts';
export * from './stages/train-workspace.ts';
export * from './status/workspace-status.ts';
export {
  ADAPTIVE_RULES,
  type AdaptiveRule,
  backendConfigJsonSchema,
  buildConfigJsonSchema,
  type ConfigEntry,
  type ConfiguredBackend,
  configureBackend,
  createWorkspace,
  DEFAULT_KERNEL_SETTINGS,
  type DeviceChoice,
  type EnvironmentVariables,
  type ExplainedSetting,
  explainConfig,
  explainFileError,
  type FileSystem,
  fileExists,
  findWorkspace,
  initWorkspace,
  type JsonSchema,
  type KernelBuildSettings,
  type KernelFile,
  type LabelledConfig,
  type LockOptions,
  type LockOwner,
  listKernelFiles,
  locateProblems,
  lockWorkspace,
  MAX_SAMPLE_NUM,
  type NewWorkspace,
  NotAWorkspaceError,
  type Override,
  type OwnFiles,
  openWorkspace,
  type Presence,
  type ProcessIdentity,
  type ProcessState,
  type ProcessTable,
  parseLatency,
  parseYaml,
  type ReadConfigOptions,
  readConfigFile,
  readJsonFile,
  readTextFile,
  readWorkspaceConfig,
  readYamlFile,
  schemaText,
  standInBackend,
  type TrainingSettings,
  textDecoder,
  WholeFileWriter,
  type Workspace,
  type WorkspaceConfig,
  type WorkspaceManifest,
  type WorkspacePaths,
  workspacePaths,
  writeJsonFile,
  writeWholeFile,
  type YamlFile,
} from './workspace/index.ts';
