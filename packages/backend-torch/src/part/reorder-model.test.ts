import { expect, it } from 'vitest';
import start from '../runtime.ts';
import { torchCpu } from '../torch-cpu-backend.ts';
import { reorderModel } from './reorder-model.ts';

const runtime = await start(torchCpu.parseSettings({}));
const { layout = 'nchw' } = runtime.info;

it.skipIf(layout === 'nchw').each(['blocked', 'plain'] as const)('channels made %s run (needs a CPU with blocked channels)', async (to) => {
  const model = await runtime.load(reorderModel({ shape: [1, 5, 7, 12], to, layout }));
  await model.run();
  await model.close();
});

it('is refused for a layout without blocks', () => {
  expect(() => reorderModel({ shape: [1, 5, 7, 12], to: 'plain', layout: 'nchw' })).toThrow('such as nchwc8');
});
