import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseYaml } from '@nnm/builder';
import { InvalidFileError, type Problem } from '@nnm/core';
import envPaths from 'env-paths';
import { parseJsonText } from '../input/parse-json.ts';
import { CONFIG_FILES, PROGRAM_ENDINGS, TEXT_ENDINGS } from '../program/config-files.ts';
import { createTrustGate, type TrustGate } from '../trust/trust-gate.ts';
import { checkConfig, type NnmConfig } from './config-schema.ts';
import { describeCause, isNnmError } from './errors.ts';
import { defaultExport, importModule } from './import-module.ts';
import { findProjectRoot } from './project-root.ts';

export { CONFIG_FILES } from '../program/config-files.ts';
export { defineConfig, type NnmConfig } from './config-schema.ts';

/** An nnm config and the absolute path of its file. */
export interface LoadedNnmConfig {
  readonly file: string;
  readonly config: NnmConfig;
  /** True for the user's own, which applies where no project has one. */
  readonly isUsers: boolean;
}

/** What reading a config is given. */
export interface ConfigSearch {
  /** Asked before a config that is a program is run. Default: by NNM_TRUST and what is remembered. */
  readonly trust?: TrustGate;
  /** Told before and after it runs. */
  readonly onRun?: (file: string) => Promise<() => void>;
}

/**
 * Find and read the nnm config that applies to a folder: the nearest one upwards within the project (up to the home folder or the root where
 * nothing says where the project ends), then the user's own (`~/.config/nnm/config.*` on Linux).
 *
 * @throws core's `InvalidFileError` when it cannot be read or says something it may not, `NotTrustedError` when it may not run
 */
export async function findNnmConfig(
  cwd: string,
  { trust = createTrustGate(), onRun }: ConfigSearch = {},
): Promise<LoadedNnmConfig | undefined> {
  const { cosmiconfig } = await import('cosmiconfig');
  const root = findProjectRoot(cwd);
  const usersFolder = envPaths('nnm', { suffix: '' }).config;
  const isUsers = (file: string): boolean => dirname(file) === usersFolder;
  const loadProgram = async (file: string): Promise<unknown> => {
    if (!isUsers(file)) await trust.assertTrusted(dirname(file), file.slice(dirname(file).length + 1));
    const done = await onRun?.(file);
    return runConfig(file).finally(() => done?.());
  };
  const explorer = cosmiconfig('nnm', {
    searchPlaces: [...CONFIG_FILES],
    searchStrategy: 'global',
    ...(root !== undefined && { stopDir: root }),
    cache: false,
    loaders: {
      ...Object.fromEntries(PROGRAM_ENDINGS.map((ending) => [ending, loadProgram])),
      ...Object.fromEntries([...TEXT_ENDINGS, 'noExt'].map((ending) => [ending, readText])),
    },
  });
  const found = await explorer.search(cwd);
  if (found === null) return undefined;
  return { file: found.filepath, config: checkConfig(found.config, found.filepath), isUsers: isUsers(found.filepath) };
}

/** What a config that is a program exports, checked: reading an object of others runs their code, too, so it is read once, and here. */
async function runConfig(file: string): Promise<NnmConfig> {
  const module = await importModule(pathToFileURL(file).href).catch((cause: unknown) => {
    throw new InvalidFileError({ file, problems: [{ message: `it failed while it was imported: ${describeCause(cause)}` }] }, { cause });
  });
  try {
    const config = defaultExport(module);
    // cosmiconfig takes a file without content for no config at all
    if (config !== undefined && config !== null) return checkConfig(config, file);
  } catch (cause) {
    if (isNnmError(cause)) throw cause;
    throw new InvalidFileError({ file, problems: [{ message: `what it exports cannot be read: ${describeCause(cause)}` }] }, { cause });
  }
  throw new InvalidFileError({ file, problems: [{ message: 'its default export is missing' }] });
}

/** JSON is read as JSON where the name says so, everything else as YAML, of which JSON is a part. */
function readText(file: string, content: string): unknown {
  const text = content.replace(/^\uFEFF/, '');
  if (text.trim() === '') return null;
  if (!file.endsWith('.json')) return parseJsonText(text) ?? readYaml(file, text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidFileError({ file, problems: [{ message: `it is not JSON: ${(cause as Error).message}` }] }, { cause });
  }
}

function readYaml(file: string, text: string): unknown {
  try {
    return parseYaml(file, text).value;
  } catch (error) {
    if (!(error instanceof InvalidFileError)) throw error;
    const problems = error.details.problems as readonly Problem[];
    throw new InvalidFileError(
      { file, problems: problems.map((one) => ({ ...one, message: `it is not YAML: ${one.message}` })) },
      { cause: error },
    );
  }
}
