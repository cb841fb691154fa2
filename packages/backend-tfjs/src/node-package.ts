import { createRequire } from 'node:module';
import { RuntimeUnavailableError } from '@nnm/core';

const BACKEND = 'tfjs_node';

/** Where TensorFlow's C library comes from. */
export const NODE_PACKAGE = '@tensorflow/tfjs-node';

/** The error of a tfjs-node that is not installed; undefined when it is, though its library may be missing. */
export function nodePackageMissing(): RuntimeUnavailableError | undefined {
  try {
    createRequire(import.meta.url).resolve(NODE_PACKAGE);
    return undefined;
  } catch (cause) {
    const hint = `Run \`npm install ${NODE_PACKAGE}@4.22.0 --ignore-scripts=false\` beside @nnm/backend-tfjs: its install script downloads TensorFlow's library.`;
    return new RuntimeUnavailableError({ backend: BACKEND, reason: `the package ${NODE_PACKAGE} is not installed`, hint }, { cause });
  }
}
