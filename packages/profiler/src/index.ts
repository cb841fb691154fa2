export {
  comparableOptions,
  describeDifference,
  type Environment,
  type EnvironmentDifference,
  environmentDifferences,
  ISOLATION_KINDS,
  type IsolationKind,
} from './environment.ts';
export { KernelsFailAlikeError, type WorkerDeath } from './errors.ts';
export * from './files/index.ts';
export { aftermathOf, type JudgedSlice, judgeVisits } from './gate/gate.ts';
export { referenceGraph } from './gate/reference-graph.ts';
export { type ChildListener, type ChildOptions, ChildProgram } from './host/child-program.ts';
export { locateOwnProgram, type OwnProgram } from './host/own-program.ts';
export { type Assessment, assessVisits } from './measure/assess.ts';
export { type Clock, type ClockReport, checkClock } from './measure/clock-check.ts';
export { DEFAULT_POLICY, type ProfilePolicy, policyFor, resolvePolicy } from './policy.ts';
export { describeFailures, groupFailures } from './run/failure-groups.ts';
export { type JournalContent, journalLines, type Measurements, measurementsOf } from './run/journal.ts';
export { readJournal } from './run/journal-file.ts';
export type { JournalLine, MeasurementOrigin } from './run/journal-line.ts';
export { damagedLinesFile, setDamagedLinesAside } from './run/journal-repair.ts';
export { checkJournalLine } from './run/journal-schema.ts';
export { type MeasureJobs, profileInTime, profileKernels } from './run/profile-kernels.ts';
export type { ProfilerOptions } from './run/profiler-options.ts';
export { type CollectedDrift, type CollectedKernel, type CollectorOptions, RecordCollector } from './run/record-collector.ts';
export { type NoiseReport, openProfilerSession, type ProfilerSession, type SessionOptions } from './run/session.ts';
export { SYSTEM_TIMERS, type Timers } from './timers.ts';
export * from './types.ts';
export { userDataFile, userDataFolder } from './user-data-folder.ts';
