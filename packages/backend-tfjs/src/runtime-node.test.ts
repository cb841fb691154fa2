import { backendContract } from '@nnm/core/testing';
import { expect, it } from 'vitest';
import { tfjsNode } from './index.ts';
import { nodePackageMissing } from './node-package.ts';
import startNode from './runtime-node.ts';

const missing = nodePackageMissing();
const isInstalled = missing === undefined;
if (!isInstalled) console.warn(`skipped: the contract of tfjs_node: ${missing.message}`);

if (isInstalled) for (const { name, run } of backendContract(tfjsNode, { factory: startNode })) it(name, run);
else it.skip('the contract of tfjs_node (needs @tensorflow/tfjs-node, whose install script downloads a library)');

it.skipIf(isInstalled)('a missing tfjs-node is one clear error', async () => {
  const error = {
    code: 'ERR_RUNTIME_UNAVAILABLE',
    message: 'The runtime of tfjs_node cannot be started: the package @tensorflow/tfjs-node is not installed.',
    hint: expect.stringContaining('npm install @tensorflow/tfjs-node@4.22.0 --ignore-scripts=false'),
  };
  await expect(startNode(tfjsNode.parseSettings({}))).rejects.toMatchObject(error);
  expect(tfjsNode.whyNot?.()).toMatchObject(error);
});
