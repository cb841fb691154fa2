import { pathToFileURL } from 'node:url';
import { CORE_VERSION } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { makeTempProject, pluginPackage, pluginSource } from '../../test/temp-project.ts';
import { assertOwnCore } from './core-version.ts';
import { findPlugins } from './discover.ts';

const core = (version: string) => ({ name: '@nnm/core', version, type: 'module', exports: { './package.json': './package.json' } });

describe('two copies of core in one tree', () => {
  it('are refused when their versions differ, naming both', async () => {
    await using project = await makeTempProject({
      'package.json': { dependencies: { 'nnm-old': '1.0.0' } },
      ...pluginPackage('nnm-old', ['old-kernel']),
      'node_modules/nnm-old/node_modules/@nnm/core/package.json': core('0.0.9'),
    });
    const { failures } = await findPlugins({ cwd: project.folder });
    expect(failures.map(({ error }) => error)).toEqual([
      expect.objectContaining({
        code: 'ERR_CORE_VERSION',
        message: expect.stringMatching(/The plugin "nnm-old" uses @nnm\/core 0\.0\.9 \(.*nnm-old.*\); nnm itself runs on @nnm\/core \d/),
        hint: expect.stringContaining('peerDependencies'),
      }),
    ]);
  });

  it('are fine when they are of one version, and when the plugin has none', async () => {
    await using project = await makeTempProject({
      'same/node_modules/@nnm/core/package.json': core(CORE_VERSION),
      'same/index.js': pluginSource('nnm-same'),
      'none/index.js': pluginSource('nnm-none'),
    });
    for (const name of ['same', 'none']) {
      await expect(assertOwnCore(name, pathToFileURL(project.path(name, 'index.js')).href)).resolves.toBeUndefined();
    }
  });
});
