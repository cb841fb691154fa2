import { type RuntimeFactory, RuntimeUnavailableError } from '@nnm/core';

/** Refuses to start in Node what only a browser has. */
export const browserOnly =
  (backend: string): RuntimeFactory<unknown> =>
  () => {
    const hint = 'Set DEVICE: browser in configs/backend_config.yaml. docs/backends.md says what runs in Node.';
    throw new RuntimeUnavailableError({ backend, reason: 'it runs in a browser only', hint });
  };
