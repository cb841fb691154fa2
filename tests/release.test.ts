import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { npm, publishedFolders } from '../scripts/pack-all.mjs';
import { builtinKernelCount, registryAnswers } from './packed.ts';

const isOnline = await registryAnswers();
if (!isOnline) console.warn("skipped: the rehearsal of a release needs npm's registry, which does not answer");

it.skipIf(!isOnline)("a release is published to a registry and installed from it by name (needs npm's registry)", async () => {
  const { stdout } = await npm(['run', 'release', '--', '--rehearse'], fileURLToPath(new URL('..', import.meta.url)));
  expect(JSON.parse(stdout.trim().split('\n').at(-1) as string)).toEqual({
    published: (await publishedFolders()).length,
    dependencies: { '@nnm/backend-tflite': expect.stringMatching(/^\^\d/), '@nnm/cli': expect.stringMatching(/^\^\d/) },
    kernels: builtinKernelCount,
  });
  expect(stdout).toMatch(/^ {2}tflite_cpu /m);
});
