import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { RuntimeUnavailableError } from '@nnm/core';

/** Environment variable with the path of another library. */
export const LIBRARY_VARIABLE = 'NNM_TFLITE_LIBRARY';

/** Holds libraries for several platforms; they are used as they are, its own bindings are not. */
const PACKAGE = 'tfjs-tflite-node';

/** Where the package with the libraries keeps that of each platform. */
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
  const { folder, version } = findPackage(backend);
  const path = join(folder, 'cc_deps', file);
  return checkExists(backend, { path, source: 'bundled', label: `${PACKAGE}@${version}/cc_deps/${file}` });
}

function findPackage(backend: string): { readonly folder: string; readonly version: string } {
  try {
    const require = createRequire(import.meta.url);
    const manifest = `${PACKAGE}/package.json`;
    return { folder: dirname(require.resolve(manifest)), version: (require(manifest) as { version: string }).version };
  } catch (cause) {
    throw new RuntimeUnavailableError(
      {
        backend,
        reason: `the package ${PACKAGE}, which holds the TensorFlow Lite library, is not installed`,
        hint: 'Install the dependencies again: `npm install`.',
      },
      { cause },
    );
  }
}

function checkExists(backend: string, choice: LibraryChoice): LibraryChoice {
  if (existsSync(choice.path)) return choice;
  throw new RuntimeUnavailableError({
    backend,
    reason: `there is no file ${choice.path}${choice.source === 'bundled' ? '' : ` (set by ${choice.source})`}`,
    hint:
      choice.source === 'bundled'
        ? 'Install the dependencies again: `npm install`.'
        : `Set ${choice.source} to the path of a TensorFlow Lite C library, or remove it to use the one that comes with @nnm/backend-tflite.`,
  });
}
