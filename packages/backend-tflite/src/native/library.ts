import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { RuntimeUnavailableError } from '@nnm/core';
import { askedLibrary } from '@nnm/native-kit';

/** Environment variable with the path of another library. */
export const LIBRARY_VARIABLE = 'NNM_TFLITE_LIBRARY';

/** The npm package that the libraries come from; its own bindings are not used. Records name them by it. */
const ORIGIN = 'tfjs-tflite-node@0.0.2';

/** Where it, and the folder `native` of this package, keep that of each platform. */
const BUNDLED: Readonly<Record<string, string>> = {
  'linux-x64': 'linux_amd64/libtensorflowlite_c.so',
  'linux-arm64': 'linux_arm64/libtensorflowlite_c.so',
  'darwin-arm64': 'darwin_arm64/libtensorflowlite_c.dylib',
  'win32-x64': 'windows_amd64/tensorflowlite_c.dll',
};

/** A library, and what to do when it does not work. */
export interface LibraryChoice {
  readonly path: string;
  /** How to name it in records: the path, or the package and file in it, which is the same wherever nnm is installed. */
  readonly label: string;
  readonly hint: string;
}

/** What the choice depends on. */
export interface LibraryRequest {
  readonly backend: string;
  /** The `LIBRARY` setting. */
  readonly setting: string | undefined;
  /** `process.platform` and `process.arch` joined by a hyphen. */
  readonly platform: string;
}

/**
 * Choose the TensorFlow Lite C library: that of the environment variable, then of the setting, then the bundled one.
 *
 * @throws {@link RuntimeUnavailableError} when there is none for this platform, or the file does not exist
 */
export function chooseLibrary({ backend, setting, platform }: LibraryRequest): LibraryChoice {
  const asked = askedLibrary(backend, { variable: LIBRARY_VARIABLE, setting, what: 'a TensorFlow Lite C library' });
  if (asked !== undefined) return { path: asked.file, label: asked.file, hint: asked.hint };
  const file = BUNDLED[platform];
  if (file === undefined) {
    throw new RuntimeUnavailableError({
      backend,
      reason: `no TensorFlow Lite library comes with it for ${platform} (there is one for ${Object.keys(BUNDLED).join(', ')})`,
      hint: `Build or download libtensorflowlite_c for this machine and set LIBRARY in configs/backend_config.yaml, or ${LIBRARY_VARIABLE}, to its path.`,
    });
  }
  const path = join(bundledFolder(), file);
  if (!existsSync(path)) {
    const hint = 'Install the package again: `npm install @nnm/backend-tflite`.';
    throw new RuntimeUnavailableError({ backend, reason: `there is no file ${path}`, hint });
  }
  const hint = 'Set LIBRARY in configs/backend_config.yaml to the path of a TensorFlow Lite C library for this machine.';
  return { path, label: `${ORIGIN}/cc_deps/${file}`, hint };
}

/** The folder `native` that comes with this package; in a checkout that was never built, where its files are copied from. */
function bundledFolder(): string {
  const require = createRequire(import.meta.url);
  const native = join(dirname(require.resolve('@nnm/backend-tflite/package.json')), 'native');
  if (existsSync(native)) return native;
  try {
    return join(dirname(require.resolve(`${ORIGIN.split('@')[0]}/package.json`)), 'cc_deps');
  } catch {
    return native; // what is missing for whoever installed this package
  }
}
