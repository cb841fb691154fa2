import type { Bench } from './bench.ts';

/** Every benchmark by name; a module is loaded when it is needed. */
export const benches: Readonly<Record<string, () => Promise<{ readonly default: Bench }>>> = {
  accuracy: () => import('./accuracy.ts'),
  adaptive: () => import('./adaptive.ts'),
  breakdown: () => import('./breakdown.ts'),
  fleet: () => import('./fleet.ts'),
  forest: () => import('./forest.ts'),
  gate: () => import('./gate.ts'),
  loud: () => import('./loud.ts'),
  lowering: () => import('./lowering.ts'),
  microseconds: () => import('./microseconds.ts'),
  'model-files': () => import('./model-files.ts'),
  networks: () => import('./networks.ts'),
  newcomers: () => import('./newcomers.ts'),
  noise: () => import('./noise.ts'),
  overhead: () => import('./overhead.ts'),
  parts: () => import('./parts.ts'),
  predictor: () => import('./predictor.ts'),
  reading: () => import('./reading.ts'),
  reference: () => import('./reference.ts'),
  regressors: () => import('./regressors.ts'),
  retest: () => import('./retest.ts'),
  'retest-replay': () => import('./retest-replay.ts'),
  rules: () => import('./rules.ts'),
  scale: () => import('./scale.ts'),
  'search-speed': () => import('./search-speed.ts'),
};
