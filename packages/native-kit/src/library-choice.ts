import { existsSync } from 'node:fs';
import { RuntimeUnavailableError } from '@nnm/core';

/** A library that was asked for, and by what: words for a message. */
export interface AskedLibrary {
  readonly file: string;
  readonly source: string;
  /** What to do when it does not work. */
  readonly hint: string;
}

/** Where a library can be asked for. */
export interface LibraryRequest {
  /** Name of the environment variable. */
  readonly variable: string;
  /** Value of the setting `LIBRARY`. */
  readonly setting: string | null | undefined;
  /** What it should be: `a TensorFlow Lite C library`. */
  readonly what: string;
}

/**
 * The library that somebody asked for: by an environment variable, or else by the setting `LIBRARY`.
 *
 * @returns undefined when nobody did, so that the backend takes its own
 * @throws {@link RuntimeUnavailableError} when there is no such file
 */
export function askedLibrary(backend: string, { variable, setting, what }: LibraryRequest): AskedLibrary | undefined {
  const fromVariable = process.env[variable];
  const file = fromVariable || setting;
  if (!file) return undefined;
  const source = fromVariable ? `the environment variable ${variable}` : 'LIBRARY in configs/backend_config.yaml';
  const platform = `${process.platform} ${process.arch}`;
  const hint = `Set ${source} to the path of ${what} for ${platform}, or remove it to use the one that comes with the backend.`;
  if (existsSync(file)) return { file, hint, source };
  throw new RuntimeUnavailableError({ backend, reason: `there is no file ${file} (set by ${source})`, hint });
}
