import { RuntimeUnavailableError } from '@nnm/core';
import { expect, it, vi } from 'vitest';
import createRuntime from './runtime.ts';

vi.mock('koffi', () => {
  throw new Error('Cannot find the native Koffi module');
});

it('says what to install where koffi has no binary', async () => {
  const started = createRuntime({ DEVICE: 'host', THREADS: 1, DELEGATE: 'xnnpack' });
  await expect(started).rejects.toBeInstanceOf(RuntimeUnavailableError);
  await expect(started).rejects.toThrow(
    /^The runtime of tflite_cpu cannot be started: koffi, which calls the native library, does not load on /,
  );
});
