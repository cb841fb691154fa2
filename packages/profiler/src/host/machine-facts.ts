import { readFileSync } from 'node:fs';
import { cpus, hostname, release, totalmem, type } from 'node:os';
import type { DeviceFacts } from '@nnm/core';
import { readHottestZone } from './machine-sensors.ts';

/**
 * What this machine is, for a device that reports itself: called where the runtime runs.
 *
 * @param kind - id of the kind of device, such as `ssh`
 */
export function readMachineFacts(kind: string): DeviceFacts {
  const cores = cpus();
  const governor = readText('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor');
  const hottest = readHottestZone();
  return {
    kind,
    name: readModel() ?? hostname(),
    version: release(),
    cpu: readCpu(cores[0]?.model.trim()),
    cores: cores.length,
    memoryBytes: totalmem(),
    platform: process.platform,
    arch: process.arch,
    ...(governor !== undefined && { governor }),
    node: process.versions.node,
    details: {
      device: readModel() ?? hostname(),
      kernel: `${type()} ${release()}`,
      ...(process.platform === 'linux' && { 'C library': readLibc() ?? 'unknown' }),
      ...(hottest !== undefined && { temperature: `${hottest.celsius.toFixed(1)} °C (${hottest.name}) when it was started` }),
    },
    notes: [],
  };
}

/** The C library of this Linux: `glibc 2.36`, or `musl`. */
export function readLibc(): string | undefined {
  const report = process.report as { excludeNetwork?: boolean; getReport(): object } | undefined;
  if (report === undefined) return undefined;
  report.excludeNetwork = true; // looking up names of connections takes long
  const { header, sharedObjects } = report.getReport() as {
    readonly header?: { readonly glibcVersionRuntime?: string };
    readonly sharedObjects?: readonly string[];
  };
  if (header?.glibcVersionRuntime !== undefined) return `glibc ${header.glibcVersionRuntime}`;
  return sharedObjects?.some((file) => /(libc\.musl-|ld-musl-)/.test(file)) ? 'musl' : undefined;
}

/** What the maker calls the board or the machine. */
function readModel(): string | undefined {
  const board = readText('/proc/device-tree/model');
  if (board !== undefined) return board;
  const names = ['sys_vendor', 'product_name'].map((name) => readText(`/sys/devices/virtual/dmi/id/${name}`));
  return names.every((name) => name !== undefined) ? names.join(' ') : undefined;
}

/** The name of the CPU; on ARM, where the kernel often gives none, its maker and part by their numbers. */
function readCpu(model: string | undefined): string {
  if (model !== undefined && model !== '' && model !== 'unknown') return model;
  const info = readText('/proc/cpuinfo') ?? '';
  const field = (name: string): string | undefined => new RegExp(`^${name}\\s*:\\s*(.+)$`, 'm').exec(info)?.[1]?.trim();
  const part = field('CPU part');
  return part === undefined ? (field('Hardware') ?? 'unknown') : `${process.arch} implementer ${field('CPU implementer')} part ${part}`;
}

function readText(file: string): string | undefined {
  try {
    // Texts of the device tree end with a zero.
    return readFileSync(file, 'utf8').split('\0')[0]!.trim() || undefined;
  } catch {
    return undefined; // this machine does not tell
  }
}
