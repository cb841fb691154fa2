export * from './create-workspace.ts';
export * from './files.ts';
export * from './kernel-data.ts';
export * from './lock.ts';
export type { TrainingSettings } from './training-settings.ts';
export * from './workspace.ts';
export * from './workspace-config.ts';
