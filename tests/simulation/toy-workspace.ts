import { createRegistry, definePlugin, type Registry } from '@nnm/core';
import { tinyKernel } from './tiny-kernel.ts';
import type { VirtualDevice } from './virtual-device.ts';

/** A workspace to build, as small as one can be that has all there is: several kernels, a family, rounds, a hold-out. */
export interface ToyWorkspace {
  readonly name: string;
  readonly kernels: readonly string[];
  readonly detail: boolean;
  readonly keepModels: boolean;
}

/** What schedules choose from. */
export const TOY_WORKSPACES: readonly ToyWorkspace[] = [
  { name: 'one kernel', kernels: ['toy'], detail: false, keepModels: false },
  { name: 'a family', kernels: ['pair-a', 'pair-b'], detail: false, keepModels: false },
  { name: 'a family and a kernel, with models', kernels: ['pair-a', 'toy', 'pair-b'], detail: true, keepModels: true },
];

/** The configuration file of a workspace. */
export function toyConfig({ kernels, detail }: ToyWorkspace): string {
  const settings =
    'INIT_SAMPLE_NUM: 10, HOLDOUT_SAMPLE_NUM: 2, FINEGRAINED_SAMPLE_NUM: 1, ITERATION: 2, ERROR_THRESHOLD: 0.05, ADAPTIVE: original';
  const training = 'TRAINING: { REGRESSOR: gradient-boosting, OPTIONS: { nEstimators: 2 } }';
  return [
    `DETAIL: ${detail ? 'TRUE' : 'FALSE'}`,
    'IMPLEMENT: tensorflow',
    'KERNELS:',
    ...kernels.map((type) => `  ${type}: { ${settings}, ${training} }`),
    '',
  ].join('\n');
}

/** The plugins of a process: its kernels and its own device. */
export function toyRegistry(device: VirtualDevice): Registry {
  const kernels = [tinyKernel('toy'), tinyKernel('pair-a', 'pair'), tinyKernel('pair-b', 'pair')];
  return createRegistry([definePlugin({ name: 'toys', apiVersion: 1, kernels, backends: [device] })]);
}
