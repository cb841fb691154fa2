import { buildLatencyPredictor, openWorkspace, type PipelineEvent, readWorkspaceConfig, type Stage, workspaceContext } from '@nnm/builder';
import { createRegistry, type Plugin } from '@nnm/core';
import { expect, it } from 'vitest';
import { browserMissing, openBrowser } from '../../../report/src/__fixtures__/open-browser.ts';
import { editFile, makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import { followStage } from '../output/progress.ts';
import { openLivePage } from './live-page.ts';

if (browserMissing !== undefined) console.warn(`skipped: no browser follows a build: ${browserMissing}`);

/** A stage that waits at its first event of a kind until somebody has looked. */
async function* pauseAt<T>(stage: Stage<T>, isIt: (event: PipelineEvent) => boolean, look: () => Promise<void>): Stage<T> {
  let hasPaused = false;
  for (;;) {
    const step = await stage.next();
    if (step.done) return step.value;
    yield step.value;
    if (hasPaused || !isIt(step.value)) continue;
    hasPaused = true;
    await look();
  }
}

it.skipIf(browserMissing !== undefined)(
  `a browser sees the records appear while a build goes on, and its end${browserMissing === undefined ? '' : ` (${browserMissing})`}`,
  async () => {
    await using project = await makeSimulatedWorkspace();
    await editFile(project.path('ws', 'configs', 'predictorbuild_config.yaml'), (text) => text.replace(/ITERATION: \d+/, 'ITERATION: 1'));
    const { default: plugin } = (await import('../../test/simulated-plugin.mjs' as string)) as { default: Plugin };
    const registry = createRegistry([plugin]);
    const workspace = await openWorkspace(project.path('ws'));
    const config = await readWorkspaceConfig(workspace, registry);
    const { implement, batchSize } = config;
    const live = await openLivePage({ registry, workspace, implement, batchSize, backend: 'simulated', kernels: ['toy'] });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const said: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(error.message));
      await page.goto(live.url);
      await page.getByText('Building', { exact: false }).first().waitFor();

      let seen = 0;
      const isRecord = (event: PipelineEvent): boolean => event.type === 'profile' && event.event.type === 'record';
      const look = async (): Promise<void> => {
        await page.waitForFunction(() => document.querySelectorAll('g.configurations > *').length > 0);
        seen = await page.locator('g.configurations > *').count();
      };
      const build = buildLatencyPredictor(workspaceContext(registry, workspace, config));
      await followStage(pauseAt(build, isRecord, look), { quiet: true, onEvent: live.onEvent });
      expect(seen).toBe(1);

      await live[Symbol.asyncDispose]();
      await page.getByText('The build has ended').waitFor();
      await page.getByRole('heading', { name: 'Latency landscape' }).waitFor();
      await page.waitForFunction(() => document.querySelector('g.configurations')?.childElementCount === 60);
      expect(await page.getByText('toy: predictor of').first().isVisible()).toBe(true);
      // The server is gone: the page neither asks it again nor complains.
      await expect(fetch(live.url)).rejects.toThrow();
      expect(said).toEqual([]);
    } finally {
      await browser.close();
      await live[Symbol.asyncDispose]();
    }
  },
);
