/**
 * Entry of the process in which plugins are checked: a runtime that crashes or a sampler that never returns must not take `nnm`
 * with it. Only `checkInChild` starts this module. It does its work at import, as a program does.
 */
import { createRegistry, NnmError } from '@nnm/core';
import { showThrown } from '../output/show-value.ts';
import { findPlugins } from '../plugins/discover.ts';
import { createTrustGate } from '../trust/trust-gate.ts';
import { type CheckReport, checkPlugin } from './check-plugin.ts';
import { type CheckSource, loadSource } from './check-source.ts';

/** What the worker is asked. */
export interface CheckRequest {
  readonly source: CheckSource;
  /** Ids of the backends that the plugin's kernels are run on. */
  readonly backends: readonly string[];
  /** The word of the run on whether code of folders may run, see `createTrustGate`. */
  readonly trust?: boolean | undefined;
}

/** What the worker says: which case begins, what came of it, what came of a kernel or backend, the end, or why there is none. */
export type CheckMessage =
  | { readonly type: 'begin'; readonly kind: CheckReport['kind']; readonly id: string; readonly name: string; readonly cases: number }
  | { readonly type: 'end'; readonly failure?: CheckReport['failures'][number] }
  | { readonly type: 'report'; readonly report: CheckReport }
  | { readonly type: 'done' }
  | { readonly type: 'error'; readonly code: string; readonly message: string; readonly hint?: string };

/** Resolves when the message is on its way, so that it arrives even if the next step ends this process. */
function say(message: CheckMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}

async function serve({ source, backends, trust }: CheckRequest): Promise<void> {
  const found = (await findPlugins({ trust: createTrustGate({ flag: trust }) })).plugins.map(({ plugin }) => plugin);
  const plugin = await loadSource(source, found);
  const registry = createRegistry([...found.filter(({ name }) => name !== plugin.name), plugin]);
  await checkPlugin(plugin, {
    backends: backends.map((id) => registry.backend(id)),
    onBegin: (kind, id, name, cases) => say({ type: 'begin', kind, id, name, cases }),
    onEnd: (failure) => void say({ type: 'end', ...(failure && { failure }) }),
    onReport: (report) => void say({ type: 'report', report }),
  });
  await say({ type: 'done' });
}

if (process.send !== undefined) {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (request: CheckRequest) => {
    serve(request).catch((error: unknown) => {
      const { code, message, hint } = NnmError.isInstance(error)
        ? error
        : { code: 'ERR_PLUGIN_FAILED', message: `Trying the plugin failed: ${showThrown(error)}`, hint: 'Correct the plugin.' };
      return say({ type: 'error', code, message, ...(hint !== undefined && { hint }) });
    });
  });
}
