import { type AnyKernel, type ConfigRange, configProblems, type KernelConfig, Rng } from '@nnm/core';

const DRAWS = 32;
/** Sizes that examples need not go beyond. */
const LARGEST = 300;

/**
 * Configurations of a kernel that differ in every way its space allows: at its limits, in between, and as its sampler draws them. The
 * same for every call.
 */
export function drawConfigs(kernel: AnyKernel): readonly KernelConfig[] {
  const rng = new Rng(1).fork(kernel.type);
  const space = Object.entries(kernel.configSpace as Readonly<Record<string, ConfigRange>>);
  const free = Array.from({ length: DRAWS }, () => drawFree(kernel, space, rng));
  const sampled = kernel.sampler.priorConfigSampling(DRAWS, { rng: rng.fork('sampler') });
  return [...free.filter((config) => config !== undefined), ...(sampled as readonly KernelConfig[])];
}

/** Any configuration that the kernel's block can build, of smaller sizes where larger ones together are beyond a tensor. */
function drawFree(kernel: AnyKernel, space: readonly (readonly [key: string, ConfigRange])[], rng: Rng): KernelConfig | undefined {
  const { refusals: _, ...asBuilt } = kernel;
  for (let largest = LARGEST; largest >= 1; largest = Math.floor(largest / 2)) {
    const config = Object.fromEntries(space.map(([key, range]) => [key, drawOne(range, largest, rng)]));
    if (configProblems(asBuilt, config).length === 0) return config;
  }
  return undefined;
}

function drawOne({ min, max, values, multipleOf = 1 }: ConfigRange, largest: number, rng: Rng): number {
  if (rng.float() < 0.2) return Math.ceil(min / multipleOf) * multipleOf;
  if (values !== undefined && rng.float() < 0.5) return rng.pick(values);
  const lowest = Math.ceil(min / multipleOf);
  return multipleOf * rng.integer(lowest, Math.max(lowest, Math.floor(Math.min(max, largest) / multipleOf)));
}
