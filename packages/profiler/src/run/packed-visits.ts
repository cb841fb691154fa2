import type { Slice, Visit } from '../types.ts';

/** Numbers kept of a visit, and of each of its slices. */
const OF_VISIT = 3;
const OF_SLICE = 8;

/**
 * Visits as plain numbers: a run keeps those of thousands of finished kernels, in case a quieter level makes it judge them
 * again, and as objects they would take six times the memory.
 */
export function packVisits(visits: readonly Visit[]): Float64Array {
  const numbers = visits.flatMap(({ firstProbeMs, restedMs, slices }) => [
    firstProbeMs,
    restedMs ?? Number.NaN,
    slices.length,
    ...slices.flatMap(({ runs, minMs, medianMs, meanMs, beforeMs, probeMs, cpuShare, stepMs }) => [
      runs,
      minMs,
      medianMs,
      meanMs,
      beforeMs ?? Number.NaN,
      probeMs,
      cpuShare,
      stepMs ?? Number.NaN,
    ]),
  ]);
  return Float64Array.from(numbers);
}

/** What {@link packVisits} was given. */
export function unpackVisits(packed: Float64Array): Visit[] {
  const visits: Visit[] = [];
  for (let at = 0; at < packed.length; ) {
    const [firstProbeMs, restedMs, count] = packed.subarray(at, at + OF_VISIT) as unknown as [number, number, number];
    at += OF_VISIT;
    const slices: Slice[] = [];
    for (let slice = 0; slice < count; slice++, at += OF_SLICE) slices.push(unpackSlice(packed.subarray(at, at + OF_SLICE)));
    visits.push({ firstProbeMs, ...(!Number.isNaN(restedMs) && { restedMs }), slices });
  }
  return visits;
}

function unpackSlice(numbers: Float64Array): Slice {
  const [runs, minMs, medianMs, meanMs, beforeMs, probeMs, cpuShare, stepMs] = numbers as unknown as Record<number, number> & number[];
  return {
    runs: runs!,
    minMs: minMs!,
    medianMs: medianMs!,
    meanMs: meanMs!,
    ...(!Number.isNaN(beforeMs) && { beforeMs: beforeMs! }),
    probeMs: probeMs!,
    cpuShare: cpuShare!,
    ...(!Number.isNaN(stepMs) && { stepMs: stepMs! }),
  };
}
