import { GraphBuilder } from '@nnm/core';
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

it.each(['c_api', 'javascript'])('the runtime says what each part of a network takes, called by %s', async (CALL) => {
  const runtime = await start(torchCpu.parseSettings({ CALL }));
  const g = new GraphBuilder('net');
  const x = g.activation(g.conv2d(g.input([1, 56, 56, 16]), 32, { kernelSize: 3 }), 'relu');
  const graph = g.build(g.add(g.softmax(g.conv2d(x, 32, { kernelSize: 3 })), x));
  const parts = (await runtime.profile?.(torchCpu.convert(graph, 'torch'), 3)) ?? [];
  await runtime.close();
  expect(parts.flatMap(({ values }) => values)).toContain('softmax3');
  const convolutions = parts.filter(({ operators }) => operators.some((name) => name.startsWith('Conv')));
  expect(convolutions.map(({ latencyMs }) => latencyMs > 0)).toEqual([true, true]);
});
