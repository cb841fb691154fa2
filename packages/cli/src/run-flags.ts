import { Flags } from '@oclif/core';

/** `--break-lock` of the commands that claim the workspace. */
export const breakLockFlag = Flags.boolean({
  description: 'Take the workspace over although its lock says that another process works there. Make sure that none does.',
});

/** `--seed` of every command that has it. */
export const SEED_VARIABLE = 'NNM_SEED';
/** `--budget` of every command that has it. */
export const BUDGET_VARIABLE = 'NNM_BUDGET';

/** Flags of the commands that measure. */
export const runFlags = {
  fresh: Flags.boolean({ description: 'Forget what was measured before and start over.' }),
  budget: Flags.string({
    description:
      'Stop measuring after this long and make the best of what there is. Code of a plugin inside the process of nnm that does not give control back ends the command some seconds later; what was measured is kept.',
    helpValue: '<20m>',
    env: BUDGET_VARIABLE,
  }),
  seed: Flags.integer({
    description: "Seed of every random choice. Default: the workspace's.",
    min: 0,
    max: 2 ** 32 - 1,
    helpValue: '<n>',
    env: SEED_VARIABLE,
  }),
  'break-lock': breakLockFlag,
  detail: Flags.boolean({ description: 'Put configuration, shapes and every statistic beside each latency, as DETAIL: TRUE does.' }),
};
