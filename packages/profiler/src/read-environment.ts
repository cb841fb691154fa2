import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { CORE_VERSION, type DeviceFacts, type RuntimeInfo } from '@nnm/core';
import type { Environment } from './environment.ts';
import type { Isolation } from './types.ts';

/**
 * The environment of this machine, with what the started runtime says of itself.
 *
 * @param device - where the runtime runs, if that is not this machine: then its own word counts
 */
export function readEnvironment(runtime: RuntimeInfo, isolation: Isolation, device?: DeviceFacts): Environment {
  if (device !== undefined) return deviceEnvironment(device, runtime, isolation);
  const governor = readGovernor(isolation.cpus?.[0] ?? 0);
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length || availableParallelism(),
    memoryBytes: totalmem(),
    platform: process.platform,
    arch: process.arch,
    ...(governor !== undefined && { governor }),
    runtime,
    isolation: isolation.kind,
    pinned: isolation.cpus !== undefined,
    node: process.versions.node,
    nnm: CORE_VERSION,
  };
}

function deviceEnvironment(device: DeviceFacts, runtime: RuntimeInfo, isolation: Isolation): Environment {
  const { kind, name, version, cpu, cores, memoryBytes, platform, arch, governor, node = process.versions.node } = device;
  return {
    cpu,
    cores,
    ...(memoryBytes !== undefined && { memoryBytes }),
    platform,
    arch,
    ...(governor !== undefined && { governor }),
    runtime,
    isolation: isolation.kind,
    device: { kind, name, version },
    pinned: isolation.cpus !== undefined,
    node,
    nnm: CORE_VERSION,
  };
}

function readGovernor(cpu: number): string | undefined {
  const file = `/sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_governor`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
