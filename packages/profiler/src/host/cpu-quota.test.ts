import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCpuQuota } from './cpu-quota.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nnm-quota-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Files as Linux has them, below a folder of the test's. */
function quotaOf(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), `${text}\n`);
  }
  return readCpuQuota({ sys: path.join(folder, 'sys'), proc: path.join(folder, 'proc') });
}

describe('the CPU quota', () => {
  it('of a container with control groups of the second version', () => {
    const quota = quotaOf({
      'proc/self/cgroup': '0::/',
      'sys/fs/cgroup/cpu.max': '50000 100000',
      'sys/fs/cgroup/cpu.stat': 'usage_usec 1\nnr_throttled 3\nthrottled_usec 1250000',
    });
    expect(quota).toEqual({ cpus: 0.5, stoppedMs: 1250 });
  });

  it('is the smallest of all groups that the process is in', () => {
    const quota = quotaOf({
      'proc/self/cgroup': '0::/system.slice/a.service',
      'sys/fs/cgroup/system.slice/a.service/cpu.max': 'max 100000',
      'sys/fs/cgroup/system.slice/cpu.max': '150000 100000',
    });
    expect(quota).toEqual({ cpus: 1.5, stoppedMs: 0 });
  });

  it('of a container with control groups of the first version, under the name of outside', () => {
    const quota = quotaOf({
      'proc/self/cgroup': '9:name=systemd:/x\n4:cpu,cpuacct:/docker/0123\n0::/',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '200000',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000',
      'sys/fs/cgroup/cpu,cpuacct/cpu.stat': 'nr_periods 9\nnr_throttled 2\nthrottled_time 3000000',
    });
    expect(quota).toEqual({ cpus: 2, stoppedMs: 3 });
  });

  it('is none where there is none, and where nothing is told', () => {
    expect(quotaOf({})).toBeUndefined();
    const files = {
      'proc/self/cgroup': '3:cpu:/\n0::/',
      'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1',
      'sys/fs/cgroup/cpu.max': 'max 100000',
    };
    expect(quotaOf({ ...files, 'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' })).toBeUndefined();
  });
});
