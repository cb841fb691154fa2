import { createRequire } from 'node:module';
import util from 'node:util';
import { type RuntimeFactory, RuntimeUnavailableError } from '@nnm/core';
import { NODE_PACKAGE, nodePackageMissing } from './node-package.ts';
import { tfjsRuntime } from './runtime/start-runtime.ts';
import type { Tfjs } from './runtime/tfjs.ts';
import type { TfjsNodeSettings } from './settings.ts';

const BACKEND = 'tfjs_node';

/** What tfjs-node exports: all of TensorFlow.js, and versions. */
interface TfjsNode extends Tfjs {
  readonly version: Readonly<Record<string, string>>;
}

/**
 * Start TensorFlow's C library through tfjs-node, an optional peer of this package.
 *
 * @throws {@link RuntimeUnavailableError} when it is not installed, or its native library is not
 */
const startNode: RuntimeFactory<TfjsNodeSettings> = async (settings) => {
  // What TensorFlow takes its threads from, when it is loaded.
  process.env.TF_NUM_INTRAOP_THREADS = String(settings.THREADS);
  process.env.TF_NUM_INTEROP_THREADS = '1';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  restoreRemovedFunctions();
  const tf = requireTfjsNode();
  await tf.setBackend('tensorflow');
  const info = {
    runtime: 'TensorFlow.js on TensorFlow',
    version: tf.version['tfjs-node'] ?? tf.version['tfjs-core'] ?? 'unknown',
    threads: settings.THREADS,
    options: { backend: 'tensorflow' },
  };
  return tfjsRuntime({ tf, backend: BACKEND, name: 'tensorflow', info }, settings);
};

export default startNode;

/** tfjs-node 4.22 calls two functions of `util` that Node 23 removed. They come back in this process, which runs nothing but it. */
function restoreRemovedFunctions(): void {
  const functions = util as unknown as Record<string, unknown>;
  functions.isNullOrUndefined ??= (value: unknown): boolean => value == null;
  functions.isArray ??= Array.isArray;
}

function requireTfjsNode(): TfjsNode {
  const missing = nodePackageMissing();
  if (missing !== undefined) throw missing;
  try {
    return createRequire(import.meta.url)(NODE_PACKAGE) as TfjsNode;
  } catch (cause) {
    const reason = `${NODE_PACKAGE} cannot be loaded: ${String((cause as Error).message).split('\n')[0]}`;
    const hint = `Its install script downloads TensorFlow's library, and seems not to have run: \`npm rebuild ${NODE_PACKAGE} --ignore-scripts=false\`.`;
    throw new RuntimeUnavailableError({ backend: BACKEND, reason, hint }, { cause });
  }
}
