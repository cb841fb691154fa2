import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** What stress-ng works on, by the name of the kind. */
const STRESSORS: Readonly<Record<string, (count: number) => readonly string[]>> = {
  compute: (count) => ['--matrix', String(count), '--matrix-size', '64'],
  cache: (count) => ['--cache', String(count)],
  memory: (count) => ['--stream', String(count), '--stream-l3-size', '64M'],
};

/** How loud it is to be made: `memory2` is memory on two CPUs; nothing when empty. */
export async function startStress(kindAndCount: string): Promise<() => void> {
  if (kindAndCount === '') return () => undefined;
  const [, kind = '', count = ''] = /^([a-z]+)(\d+)$/.exec(kindAndCount) ?? [];
  const stressor = STRESSORS[kind];
  if (stressor === undefined)
    throw new Error(`--stress is one of ${Object.keys(STRESSORS).join(', ')} and a number of CPUs, as in memory2.`);
  const child = spawn('stress-ng', [...stressor(Number(count)), '--quiet', '--timeout', '300'], { stdio: 'ignore' });
  const failed = once(child, 'error').then(([error]) => {
    throw new Error(`stress-ng cannot be started (${(error as Error).message}): it is a Debian package.`);
  });
  await Promise.race([once(child, 'spawn'), failed]);
  await sleep(1500);
  return () => void child.kill('SIGTERM');
}
