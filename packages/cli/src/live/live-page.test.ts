import { buildLatencyPredictor, openWorkspace, readWorkspaceConfig, workspaceContext } from '@nnm/builder';
import { createRegistry, type Plugin } from '@nnm/core';
import type { LiveMessage } from '@nnm/report';
import { expect, it } from 'vitest';
import { makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import { followStage } from '../output/progress.ts';
import { openLivePage } from './live-page.ts';

it('shows a build from its first record to its end, to who knows the address', async () => {
  await using project = await makeSimulatedWorkspace();
  const { default: plugin } = (await import('../../test/simulated-plugin.mjs' as string)) as { default: Plugin };
  const registry = createRegistry([plugin]);
  const workspace = await openWorkspace(project.path('ws'));
  const config = await readWorkspaceConfig(workspace, registry);
  const setting = { registry, workspace, implement: config.implement, batchSize: config.batchSize };
  const page = await openLivePage({ ...setting, backend: 'simulated', kernels: ['toy'] });

  const html = await (await fetch(page.url)).text();
  expect(html).toContain('data-live="events"');
  expect((await fetch(new URL('/', page.url))).status).toBe(404);

  const events = await fetch(new URL('events', page.url));
  const received = events.text();
  await followStage(buildLatencyPredictor(workspaceContext(registry, workspace, config)), { quiet: true, onEvent: page.onEvent });
  const grown = await (await fetch(page.url)).text();
  expect(grown.length).toBeGreaterThan(html.length);
  await page[Symbol.asyncDispose]();

  const messages = (await received)
    .split('\n\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text.replace(/^data: /, '')) as LiveMessage);
  expect(messages[0]).toEqual({ state: { messages: [], ended: false } });
  const last = messages.at(-1);
  expect(last?.state.ended).toBe(true);
  expect(last?.state.messages.at(-1)).toMatch(/^toy: predictor of \d+ rows finished$/);
  expect(last?.kernels?.[0]?.rows.length).toBeGreaterThan(40);
  expect(last?.kernels?.[0]?.rounds.length).toBeGreaterThan(0);
  await expect(fetch(page.url)).rejects.toThrow();
});
