import { network } from '@nnm/zoo';
import { expect, it } from 'vitest';
import start from '../runtime.ts';
import { torchCpu } from '../torch-cpu-backend.ts';
import { readProfile } from './read-profile.ts';

it('counts the time of every node to its part, without the first run', () => {
  const event = (name: string, dur: number) => ({ cat: 'Node', name: `${name}_kernel_time`, dur });
  const events = [
    event('a', 900),
    event('b', 5),
    event('a', 10),
    event('b', 7),
    event('a', 30),
    event('b', 7),
    { cat: 'Session', name: 'run' },
  ];
  const part = { operators: ['Conv'], values: ['x'], nodes: ['a', 'b'] };
  expect(readProfile(JSON.stringify(events), [part], 2)).toEqual([{ ...part, latencyMs: 0.027 }]);
});

it('the runtime says what each part of a network takes', async () => {
  const runtime = await start(torchCpu.parseSettings({ CALL: 'javascript' }));
  const parts = (await runtime.profile?.(torchCpu.convert(network('squeezenet-1.1', { inputSize: 64 }), 'torch'), 3)) ?? [];
  await runtime.close();
  expect(parts.length).toBeGreaterThan(20);
  const timed = parts.filter(({ latencyMs }) => latencyMs > 0);
  expect(timed.length).toBeGreaterThan(parts.length / 2);
});
