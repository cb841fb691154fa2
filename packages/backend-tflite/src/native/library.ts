import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { RuntimeUnavailableError } from '@nnm/core';

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

/** A library and who asked for it. */
export interface LibraryChoice {
  readonly path: string;
  readonly source: 'bundled' | 'LIBRARY' | typeof LIBRARY_VARIABLE;
  /** How to name it in records: the path, or the package and file in it, which is the same wherever nnm is installed. */
  readonly label: string;
}

/** What the choice depends on. */
export interface LibraryRequest {
  readonly backend: string;
  /** The `LIBRARY` setting. */
  readonly setting: string | undefined;
  /** The environment variable {@link LIBRARY_VARIABLE}. */
  readonly variable: string | undefined;
  /** `process.platform` and `process.arch` joined by a hyphen. */
  readonly platform: string;
}

/**
 * Choose the TensorFlow Lite C library: the environment variable, then the setting, then the bundled one.
 *
 * @throws {@link RuntimeUnavailableError} when there is none for this platform, or the file does not exist
 */
export function chooseLibrary({ backend, setting, variable, platform }: LibraryRequest): LibraryChoice {
  if (variable) return checkExists(backend, { path: variable, source: LIBRARY_VARIABLE, label: variable });
  if (setting) return checkExists(backend, { path: setting, source: 'LIBRARY', label: setting });
  const file = BUNDLED[platform];
  if (file === undefined) {
    throw new RuntimeUnavailableError({
      backend,
      reason: `no TensorFlow Lite library comes with it for ${platform} (there is one for ${Object.keys(BUNDLED).join(', ')})`,
      hint: `Build or download libtensorflowlite_c for this machine and set LIBRARY in configs/backend_config.yaml, or ${LIBRARY_VARIABLE}, to its path.`,
    });
  }
  return checkExists(backend, { path: join(bundledFolder(), file), source: 'bundled', label: `${ORIGIN}/cc_deps/${file}` });
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

function checkExists(backend: string, choice: LibraryChoice): LibraryChoice {
  if (existsSync(choice.path)) return choice;
  throw new RuntimeUnavailableError({
    backend,
    reason: `there is no file ${choice.path}${choice.source === 'bundled' ? '' : ` (set by ${choice.source})`}`,
    hint:
      choice.source === 'bundled'
        ? 'Install the package again: `npm install @nnm/backend-tflite`.'
        : `Set ${choice.source} to the path of a TensorFlow Lite C library, or remove it to use the one that comes with @nnm/backend-tflite.`,
  });
}
