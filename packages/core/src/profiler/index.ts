export { type Assessment, assessVisits } from './assess.ts';
export { describeDifference, type Environment, type EnvironmentDifference, environmentDifferences } from './environment.ts';
export { JournalFormatError, JournalMismatchError, JournalWriteError, WorkerDeathError } from './errors.ts';
export { defaultLevelsFile } from './levels-file.ts';
export { DEFAULT_POLICY, type ProfilePolicy, resolvePolicy } from './policy.ts';
export { type ProfilerOptions, profileKernels } from './profile-kernels.ts';
export { referenceGraph } from './reference-graph.ts';
export { type NoiseReport, openProfilerSession, type ProfilerSession, type SessionOptions } from './session.ts';
export * from './types.ts';
