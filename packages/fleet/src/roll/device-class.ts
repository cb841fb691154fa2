import { createHash } from 'node:crypto';
import { CORE_VERSION } from '@nnm/core';
import { comparableOptions, type Environment, type Isolation } from '@nnm/profiler';
import { PROTOCOL } from '../protocol.ts';

/** Devices whose latencies are comparable: same hardware, runtime, version, threads, options and settings. */
export interface DeviceClass {
  /** Backend and a hash of all that makes latencies comparable. */
  readonly id: string;
  readonly backend: string;
  /** What the backend's settings say, without paths. */
  readonly settings: Readonly<Record<string, string>>;
  /** That of its first device. */
  readonly environment: Environment;
  readonly isolation: Isolation;
  readonly protocol: number;
  readonly nnm: string;
}

/** The class that a device is of. */
export function classOf(backend: string, settings: unknown, environment: Environment, isolation: Isolation): DeviceClass {
  const comparable = comparableSettings(settings);
  const { cpu, cores, platform, arch, governor, runtime, device } = environment;
  const key = [
    PROTOCOL,
    CORE_VERSION,
    backend,
    sorted(comparable),
    device && [device.kind, device.name, /^\d*/.exec(device.version)?.[0]],
    [cpu, cores, platform, arch, governor],
    [runtime.runtime, runtime.version, runtime.threads, runtime.layout],
    sorted(comparableOptions(runtime)),
  ];
  const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 8);
  return { id: `${backend}-${hash}`, backend, settings: comparable, environment, isolation, protocol: PROTOCOL, nnm: CORE_VERSION };
}

/** Every setting that is no path, flat, as text: paths say where something lies on one device, not what it is. */
export function comparableSettings(settings: unknown): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const walk = (value: unknown, name: string): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(inner, name === '' ? key : `${name}.${key}`);
    } else if (['string', 'number', 'boolean'].includes(typeof value) && !/^(\/|[A-Za-z]:[\\/]|\\\\|file:)/.test(String(value))) {
      found[name] = String(value);
    }
  };
  walk(settings, '');
  return found;
}

/** Differences of settings as phrases: `threads is 4 here, 1 there`. */
export function settingsDifferences(here: Readonly<Record<string, string>>, there: Readonly<Record<string, string>>): readonly string[] {
  const names = [...new Set([...Object.keys(here), ...Object.keys(there)])].sort();
  return names
    .filter((name) => here[name] !== there[name])
    .map((name) => `${name} is ${here[name] ?? 'not set'} here, ${there[name] ?? 'not set'} there`);
}

/** Hardware and runtime in a few words. */
export function describeClass({ environment: { cpu, cores, runtime, device } }: DeviceClass): string {
  const place = device === undefined ? '' : `, ${device.name} ${device.version}`;
  return `${cpu} (${cores} CPUs)${place}, ${runtime.runtime} ${runtime.version}, ${runtime.threads} ${runtime.threads === 1 ? 'thread' : 'threads'}`;
}

function sorted(entries: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
}
