import { closeSync, openSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { NnmError } from '@nnm/core';
import { lockWorkspace } from '../lock.ts';
import { openWorkspace } from '../workspace.ts';

/** One of the processes that claim a workspace at the same time: claims it as often as it is told, and tells whether it was alone. */
process.on('message', async ({ folder, times }: { folder: string; times: number }) => {
  const workspace = await openWorkspace(folder);
  const together = path.join(folder, 'in-use');
  let clashes = 0;
  for (let won = 0; won < times; ) {
    const release = await lockWorkspace(workspace).catch((error: unknown) => {
      if (NnmError.isInstance(error) && error.code === 'ERR_WORKSPACE_BUSY') return undefined;
      throw error;
    });
    if (release === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    won++;
    try {
      closeSync(openSync(together, 'wx'));
      await new Promise((resolve) => setImmediate(resolve));
      unlinkSync(together);
    } catch {
      clashes++;
    }
    await release();
  }
  process.send?.({ clashes });
});
process.send?.({ ready: true });
