export {
  decodeText,
  explainFileError,
  FileAccessError,
  type FileSystem,
  fileExists,
  nodeFileSystem,
  readJsonFile,
  readTextFile,
  textDecoder,
  WholeFileWriter,
  type WriteOptions,
  writeJsonFile,
  writeWholeFile,
} from '@nnm/profiler';
export * from './config-json-schema.ts';
export * from './create-workspace.ts';
export { type ConfiguredBackend, configureBackend, type DeviceChoice } from './device-config.ts';
export type { EnvironmentVariables, Override } from './environment-overrides.ts';
export * from './explain-config.ts';
export * from './kernel-data.ts';
export * from './kernel-settings.ts';
export * from './lock.ts';
export { standInBackend } from './missing-backend.ts';
export { ForeignFileError, type OwnFiles } from './own-files.ts';
export { portableName } from './portable-name.ts';
export type { LockOwner, Presence, ProcessTable } from './presence.ts';
export type { ProcessIdentity, ProcessState } from './process-identity.ts';
export { listTemporaryFiles } from './temporary-files.ts';
export type { TrainingSettings } from './training-settings.ts';
export * from './workspace.ts';
export * from './workspace-config.ts';
export * from './workspace-paths.ts';
export { locateProblems, parseYaml, readYamlFile, type YamlFile } from './yaml-file.ts';
