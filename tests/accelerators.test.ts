import litert from '@nnm/backend-litert';
import tfjs from '@nnm/backend-tfjs';
import tflite from '@nnm/backend-tflite';
import torch from '@nnm/backend-torch';
import { policyFor } from '@nnm/profiler';
import { expect, it } from 'vitest';

const backends = [tflite, litert, torch, tfjs].flatMap((plugin) => plugin.backends ?? []);

it.each(backends.map((backend) => [backend.id, backend] as const))(
  '%s: the clock of the CPU is taken out of what the CPU computes',
  (id, backend) => {
    const { quietTolerance, slowdownPower } = policyFor(backend);
    const isOnGpu = /_web(gl|gpu)$/.test(id);
    expect([quietTolerance, slowdownPower > 0]).toEqual(isOnGpu ? [0.03, false] : [0.12, true]);
    expect(policyFor(backend, { quietTolerance: 0.5 }).quietTolerance).toBe(0.5);
  },
);
