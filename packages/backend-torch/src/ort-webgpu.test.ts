import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ortWebgpu } from './ort-webgpu-backend.ts';

/** Where Debian's chromium-common has SwiftShader, a GPU in software, and the loader of Vulkan. */
const FOLDER = '/usr/lib/chromium';
const DRIVER = path.join(FOLDER, 'vk_swiftshader_icd.json');
/** Both compute in float32, whose steps are 6e-8; what a GPU may add is the order of sums and the precision of its functions. */
const TOLERANCE = 1e-3;

const run = (env: Readonly<Record<string, string>>) =>
  promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--conditions=@nnm/source', path.join(import.meta.dirname, '__fixtures__', 'execute-on-webgpu.ts')],
    { cwd: import.meta.dirname, env: { ...process.env, ...env } },
  );

it.skipIf(!existsSync(DRIVER))('computes what the reference does on SwiftShader (needs the Debian package chromium-common)', async () => {
  const { stdout } = await run({ LD_LIBRARY_PATH: FOLDER, VK_ICD_FILENAMES: DRIVER });
  const { errors, info } = JSON.parse(stdout) as { errors: Record<string, number>; info: { options: object; timing: string } };
  expect(Object.keys(errors)).toHaveLength(12);
  for (const [graph, error] of Object.entries(errors)) expect(error, graph).toBeLessThan(TOLERANCE);
  expect(info.options).toMatchObject({ provider: 'webgpu', software: true });
  expect(info.timing).toContain('This adapter is software');
});

it.skipIf(process.platform !== 'linux')('says when there is no GPU (needs Linux)', async () => {
  const nowhere = { LD_LIBRARY_PATH: '/nowhere', VK_ICD_FILENAMES: '/nowhere/none.json', VK_DRIVER_FILES: '/nowhere/none.json' };
  await expect(run(nowhere)).rejects.toThrow(/The runtime of ort_webgpu cannot be started: it finds no GPU/);
});

it('runs in browsers too', () => {
  expect(ortWebgpu.browser?.module.href).toMatch(/browser\/ort-webgpu\.ts$/);
});
