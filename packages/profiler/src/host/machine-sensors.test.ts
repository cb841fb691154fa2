import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkSensors, readHottestZone } from './machine-sensors.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nnm-sensors-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Files as Linux has them, below a folder of the test's. */
async function check(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), `${text}\n`);
  }
  const findings = await checkSensors({ sys: path.join(folder, 'sys'), proc: path.join(folder, 'proc') });
  return Object.fromEntries(findings.map(({ what, ...rest }) => [what, rest]));
}

const cpu = (number: number, freq: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(freq).map(([name, text]) => [`sys/devices/system/cpu/cpu${number}/cpufreq/${name}`, text]));

describe('the sensors of a machine', () => {
  it('that tells nothing are unknown', async () => {
    const found = await check({});
    expect(Object.values(found).map(({ status }) => status)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });

  it('are fine on a cool and quiet board', async () => {
    const found = await check({
      'sys/class/thermal/thermal_zone0/type': 'cpu-thermal',
      'sys/class/thermal/thermal_zone0/temp': '48312',
      'sys/class/thermal/cooling_device0/type': 'cpufreq-cpu0',
      'sys/class/thermal/cooling_device0/cur_state': '0',
      'proc/pressure/cpu': 'some avg10=0.42 avg60=0.10 avg300=0.05 total=1234',
      ...cpu(0, { scaling_governor: 'performance', scaling_max_freq: '1500000', cpuinfo_max_freq: '1500000' }),
    });
    expect(found).toMatchObject({
      temperature: { status: 'ok', text: '48.3 °C (cpu-thermal)' },
      throttling: { status: 'ok', text: 'none' },
      governor: { status: 'ok', text: 'performance' },
      pressure: { status: 'ok', text: 'something waited for a CPU in 0 % of the last 10 s' },
    });
  });

  it('warn of one that is hot, slowed down, saving power and busy', async () => {
    const found = await check({
      'sys/class/thermal/thermal_zone0/temp': '0',
      'sys/class/thermal/thermal_zone1/temp': '82000',
      'sys/class/thermal/cooling_device3/type': 'thermal-cpufreq-0',
      'sys/class/thermal/cooling_device3/cur_state': '2',
      'proc/pressure/cpu': 'some avg10=37.90 avg60=0.10 avg300=0.05 total=1234',
      ...cpu(0, { scaling_governor: 'ondemand' }),
    });
    expect(found).toMatchObject({
      temperature: { status: 'warning', text: '82.0 °C (thermal_zone1), hot' },
      throttling: { status: 'warning', text: 'its processor is being slowed down to cool it' },
      governor: { status: 'warning', text: 'ondemand' },
      pressure: { status: 'warning' },
    });
    expect(Object.values(found).every(({ hint }) => hint?.endsWith('.') || hint?.includes('keeps them up'))).toBe(true);
  });

  it('tell a limit below what the processor can, and governors that are names only', async () => {
    const found = await check({
      ...cpu(0, {
        scaling_governor: 'powersave',
        scaling_driver: 'intel_pstate',
        scaling_max_freq: '1000000',
        cpuinfo_max_freq: '1800000',
      }),
      ...cpu(1, { scaling_governor: 'powersave', scaling_driver: 'intel_pstate' }),
    });
    expect(found.throttling).toMatchObject({ status: 'warning', text: 'cpu0 is limited to 1000 MHz of 1800 MHz' });
    expect(found.governor).toMatchObject({ status: 'ok', text: 'powersave (driver chooses frequencies)' });
  });

  it('warn of a battery in use and of a CPU quota, and are silent of a mouse', async () => {
    const battery = { 'sys/class/power_supply/BAT0/type': 'Battery', 'sys/class/power_supply/hidpp/type': 'Battery' };
    const mouse = { 'sys/class/power_supply/hidpp/scope': 'Device', 'sys/class/power_supply/hidpp/status': 'Discharging' };
    expect(await check({ ...battery, ...mouse, 'sys/class/power_supply/BAT0/status': 'Charging' })).not.toHaveProperty('power');
    const quota = { 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/cpu.max': '150000 100000' };
    expect(await check({ ...quota, 'sys/class/power_supply/BAT0/status': 'Discharging' })).toMatchObject({
      power: { status: 'warning', text: 'it runs on its battery' },
      'CPU quota': { status: 'warning', text: 'all processes of this container together may use 1.5 CPUs' },
    });
  });

  it('are those of the hottest zone', () => {
    expect(readHottestZone({ sys: folder, proc: folder })).toBeUndefined();
  });
});
