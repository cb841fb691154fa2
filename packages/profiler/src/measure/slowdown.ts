import { exp, log, median, quantile, square } from '@nnm/core';
import type { JudgedSlice } from '../gate/gate.ts';
import type { Correction } from '../types.ts';

/** A kernel's slices, by visit. */
type Visits = readonly (readonly JudgedSlice[])[];

/** A kernel that was measured in quiet moments, and also visited in loud ones. */
export interface SlowdownExample {
  readonly latencyMs: number;
  readonly visits: Visits;
}

/** How much kernels suffer when the reference does: a kernel is slower by the reference's slowdown to a power. */
export interface SlowdownModel {
  readonly power: number;
  /** The powers of two thirds of the kernels lie this near to it. */
  readonly powerError: number;
  /** Kernels it was learned from. */
  readonly kernels: number;
}

/** Loud enough to tell by how much a kernel suffers. */
const NOTABLE_SLOWDOWN = 1.1;
/** Fewer examples do not tell how far off a correction may be. */
const MIN_KERNELS = 8;
/** Share of a normal distribution within one standard deviation. */
const ONE_DEVIATION = 0.68;

/**
 * Learn from kernels that were seen in both states. They must be of one kind: how much a kernel suffers depends on what it is bound by.
 *
 * @returns undefined from too few
 */
export function learnSlowdown(examples: readonly SlowdownExample[], minCpuShare: number): SlowdownModel | undefined {
  const powers = examples.flatMap(({ latencyMs, visits }) => {
    const loud = visits.flat().filter((slice) => isTelling(slice, minCpuShare));
    return loud.length === 0 ? [] : [median(loud.map((slice) => log(slice.medianMs / latencyMs) / log(slice.slowdown)))];
  });
  if (powers.length < MIN_KERNELS) return undefined;
  const power = Math.max(0, median(powers));
  const distances = powers.map((one) => Math.abs(one - power));
  return { power, powerError: quantile(distances, ONE_DEVIATION) * Math.sqrt(1 + 1 / powers.length), kernels: powers.length };
}

/**
 * What a kernel that met no quiet moment would take in one.
 *
 * @returns undefined when there are not two visits to tell it
 */
export function correctSlowdown(visits: Visits, model: SlowdownModel, minCpuShare: number): Correction | undefined {
  const { power, powerError, kernels } = model;
  const telling = visits.map((slices) => slices.filter((slice) => isTelling(slice, minCpuShare))).filter((slices) => slices.length > 0);
  if (telling.length < 2) return undefined;
  const logs = telling.map((slices) => median(slices.map((slice) => log(slice.medianMs) - power * log(slice.slowdown))));
  const middle = median(logs);
  const ofVisits = quantile(
    logs.map((value) => Math.abs(value - middle)),
    ONE_DEVIATION,
  );
  const slowdown = median(telling.flat().map((slice) => slice.slowdown));
  const latencyMs = exp(middle);
  return {
    latencyMs,
    repeatabilityMs: latencyMs * Math.sqrt(square(powerError * log(slowdown)) + square(ofVisits) / logs.length),
    dividedBy: exp(power * log(slowdown)),
    kernels,
  };
}

/** Loud on both sides, while the process kept its CPU: a slice that others were given time of says nothing of the kernel. */
function isTelling({ loud, slowdown, cpuShare }: JudgedSlice, minCpuShare: number): boolean {
  return loud && slowdown >= NOTABLE_SLOWDOWN && !(cpuShare < minCpuShare);
}
