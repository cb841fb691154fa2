import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { DeviceFinding } from '@nnm/core';
import { formatCpus, readCpuQuota } from './cpu-quota.ts';
import { readSensor, SENSOR_FOLDERS, type SensorFolders } from './sensor-folders.ts';

/** Processors begin to slow themselves down near this temperature, boards without a fan first. */
const HOT_CELSIUS = 75;
/** Share of ten seconds in which something waited for a CPU. */
const PRESSED_PERCENT = 10;
const VCGENCMD_MS = 2000;

/** What the Raspberry Pi's firmware tells by `vcgencmd get_throttled`, lowest bit first. */
const PI_STATES = ['under-voltage', 'frequency capped', 'throttled', 'soft temperature limit'];

/** A thermal zone of this machine. */
export interface ThermalZone {
  readonly name: string;
  readonly celsius: number;
}

/** The hottest thermal zone; undefined where there is none. */
export function readHottestZone({ sys }: SensorFolders = SENSOR_FOLDERS): ThermalZone | undefined {
  const folder = path.join(sys, 'class/thermal');
  const zones = list(folder, /^thermal_zone\d+$/).flatMap((zone): readonly ThermalZone[] => {
    const milli = Number(readSensor(path.join(folder, zone, 'temp')));
    // Zones that are off say nothing, 0 or a number that no board survives.
    if (!(milli > 0 && milli < 200_000)) return [];
    return [{ name: readSensor(path.join(folder, zone, 'type')) ?? zone, celsius: milli / 1000 }];
  });
  return zones.sort((a, b) => b.celsius - a.celsius)[0];
}

/** Whether this machine is running on its battery now; false where it does not tell. */
export function runsOnBattery({ sys }: SensorFolders = SENSOR_FOLDERS): boolean {
  const folder = path.join(sys, 'class/power_supply');
  return list(folder, /./).some((supply) => {
    const say = (name: string): string | undefined => readSensor(path.join(folder, supply, name));
    // A mouse has a battery, too.
    return say('type') === 'Battery' && say('scope') !== 'Device' && say('status') === 'Discharging';
  });
}

/**
 * What this machine's own sensors say of measuring on it: temperature, throttling, governor, pressure. What it does not tell is unknown.
 */
export async function checkSensors(folders: SensorFolders = SENSOR_FOLDERS): Promise<readonly DeviceFinding[]> {
  return [temperature(folders), await throttling(folders), governor(folders), ...power(folders), ...quota(folders), pressure(folders)];
}

function temperature(folders: SensorFolders): DeviceFinding {
  const what = 'temperature';
  const zone = readHottestZone(folders);
  if (zone === undefined) return { what, status: 'unknown', text: 'it has no thermal zone that can be read' };
  const text = `${zone.celsius.toFixed(1)} °C (${zone.name})`;
  if (zone.celsius < HOT_CELSIUS) return { what, status: 'ok', text };
  return { what, status: 'warning', text: `${text}, hot`, hint: 'Let it cool down, or give it a fan: a hot processor slows itself down.' };
}

async function throttling({ sys }: SensorFolders): Promise<DeviceFinding> {
  const what = 'throttling';
  const hint = 'It runs slower than it can. Cool it, or give it the power supply that it is made for.';
  const pi = sys === SENSOR_FOLDERS.sys ? await askPi() : undefined;
  if (pi !== undefined) {
    const now = PI_STATES.filter((_, bit) => pi & (1 << bit));
    const before = PI_STATES.filter((_, bit) => pi & (1 << (16 + bit)));
    if (now.length > 0) return { what, status: 'warning', text: `now: ${now.join(', ')}`, hint };
    if (before.length > 0) return { what, status: 'warning', text: `not now, but since it was switched on: ${before.join(', ')}`, hint };
    return { what, status: 'ok', text: 'none since it was switched on' };
  }
  const cooling = path.join(sys, 'class/thermal');
  const active = list(cooling, /^cooling_device\d+$/)
    .filter((device) => /cpu|processor/i.test(readSensor(path.join(cooling, device, 'type')) ?? ''))
    .map((device) => Number(readSensor(path.join(cooling, device, 'cur_state'))));
  const capped = cpuFolders(sys).flatMap((cpu) => {
    const [limit, most] = ['scaling_max_freq', 'cpuinfo_max_freq'].map((name) => Number(readSensor(path.join(cpu, 'cpufreq', name))));
    return limit! > 0 && limit! < most! ? [`${path.basename(cpu)} is limited to ${megahertz(limit!)} of ${megahertz(most!)}`] : [];
  });
  if (active.some((state) => state > 0)) return { what, status: 'warning', text: 'its processor is being slowed down to cool it', hint };
  if (capped.length > 0) return { what, status: 'warning', text: capped[0]!, hint };
  const tells = active.length > 0 || cpuFolders(sys).some((cpu) => readSensor(path.join(cpu, 'cpufreq/scaling_max_freq')) !== undefined);
  return tells ? { what, status: 'ok', text: 'none' } : { what, status: 'unknown', text: 'it does not tell' };
}

function governor({ sys }: SensorFolders): DeviceFinding {
  const what = 'governor';
  const found = [
    ...new Set(
      cpuFolders(sys).flatMap((cpu) => {
        const name = readSensor(path.join(cpu, 'cpufreq/scaling_governor'));
        return name === undefined ? [] : [`${name}${isPstate(cpu) ? ' (driver chooses frequencies)' : ''}`];
      }),
    ),
  ];
  if (found.length === 0) return { what, status: 'unknown', text: 'it does not tell' };
  const text = found.join(', ');
  if (found.every((name) => name === 'performance' || name.endsWith(')'))) return { what, status: 'ok', text };
  const hint =
    'Frequencies change while it measures. `echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor` keeps them up.';
  return { what, status: 'warning', text, hint };
}

/** Nothing where it is plugged in, or has no battery. */
function power(folders: SensorFolders): readonly DeviceFinding[] {
  if (!runsOnBattery(folders)) return [];
  const hint = 'Plug it in: on a battery processors are often slower.';
  return [{ what: 'power', status: 'warning', text: 'it runs on its battery', hint }];
}

/** Nothing without a quota. */
function quota(folders: SensorFolders): readonly DeviceFinding[] {
  const found = readCpuQuota(folders);
  if (found === undefined) return [];
  const text = `all processes of this container together may use ${formatCpus(found.cpus)}`;
  const hint =
    'What has used that up is stopped until the next tenth of a second, in the middle of a run too. Give it more, or measure outside.';
  return [{ what: 'CPU quota', status: 'warning', text, hint }];
}

function pressure({ proc }: SensorFolders): DeviceFinding {
  const what = 'pressure';
  const percent = Number(/^some avg10=([\d.]+)/m.exec(readSensor(path.join(proc, 'pressure/cpu')) ?? '')?.[1]);
  if (Number.isNaN(percent)) return { what, status: 'unknown', text: 'its kernel does not tell (/proc/pressure/cpu)' };
  const text = `something waited for a CPU in ${percent.toFixed(0)} % of the last 10 s`;
  if (percent < PRESSED_PERCENT) return { what, status: 'ok', text };
  return { what, status: 'warning', text, hint: 'Stop what else runs there: latencies come out too long.' };
}

/** The Raspberry Pi's bits; undefined on anything else. */
function askPi(): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile('vcgencmd', ['get_throttled'], { timeout: VCGENCMD_MS }, (error, stdout) => {
      const bits = error === null ? /throttled=(0x[0-9a-f]+)/i.exec(stdout)?.[1] : undefined;
      resolve(bits === undefined ? undefined : Number(bits));
    });
  });
}

/** With these drivers `powersave` is a name only: the processor chooses its frequencies itself. */
function isPstate(cpu: string): boolean {
  return /^(intel_pstate|amd-pstate-epp)$/.test(readSensor(path.join(cpu, 'cpufreq/scaling_driver')) ?? '');
}

function cpuFolders(sys: string): readonly string[] {
  const folder = path.join(sys, 'devices/system/cpu');
  return list(folder, /^cpu\d+$/).map((name) => path.join(folder, name));
}

function megahertz(kilohertz: number): string {
  return `${Math.round(kilohertz / 1000)} MHz`;
}

function list(folder: string, pattern: RegExp): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => pattern.test(name));
  } catch {
    return []; // this machine has none
  }
}
