export * from './define-plugin.ts';
export type { FusionCase, FusionStep } from './fusion-case.ts';
export * from './registry.ts';
