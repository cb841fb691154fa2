import { type AnyBackend, GraphBuilder, NnmError, RuntimeFailureError } from '@nnm/core';
import type { ProfilerSession } from '@nnm/profiler';

/** Whether a small convolution gave finite numbers; `no outputs` where it is measured by a program that hands none on. */
export type InferenceCheck = 'ok' | 'no outputs';

/**
 * Run one small convolution through a backend: conversion, loading and inference.
 *
 * @throws {@link RuntimeFailureError} when it answers with NaN or infinity; whatever the backend throws
 */
export async function checkInference(session: ProfilerSession, backend: AnyBackend): Promise<InferenceCheck> {
  const g = new GraphBuilder('nnm-connect');
  const graph = g.build(g.conv2d(g.input([1, 8, 8, 4]), 8, { kernelSize: 3 }));
  const model = await backend.convert(graph, backend.implement[0]);
  const data = Float32Array.from({ length: 8 * 8 * 4 }, (_, index) => (index % 7) / 7);
  const outputs = await session.execute(model, [{ shape: [1, 8, 8, 4], data }]).catch((error: unknown) => {
    if (!NnmError.isInstance(error) || error.code !== 'ERR_NO_OUTPUTS') throw error;
    return undefined;
  });
  if (outputs === undefined) return 'no outputs';
  if (outputs.length === 0 || !outputs.every((output) => output.data.every(Number.isFinite))) {
    throw new RuntimeFailureError({
      backend: backend.id,
      doing: 'running a small convolution',
      reason: 'it gave numbers that are not finite',
    });
  }
  return 'ok';
}
