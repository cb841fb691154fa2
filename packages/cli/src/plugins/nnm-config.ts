import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { InvalidFileError, type Plugin, type Problem, suggestNearest } from '@nnm/core';
import { describeCause } from './errors.ts';
import { defaultExport, importModule } from './import-module.ts';

/** What an nnm config file may say. */
export interface NnmConfig {
  /** Package names, paths relative to this file, or plugin objects. They come before everything else, in this order. */
  readonly plugins?: readonly (string | Plugin)[];
  /** Whether the plugins that come with nnm are loaded. Default: true. */
  readonly builtins?: boolean;
  /** Whether direct dependencies with the keyword `nnm-plugin` are loaded. Default: true. */
  readonly discover?: boolean;
}

/** An nnm config and the absolute path of its file. */
export interface LoadedNnmConfig {
  readonly file: string;
  readonly config: NnmConfig;
}

/**
 * Typed identity for `nnm.config.ts` and friends.
 *
 * @example export default defineConfig({ plugins: ['nnm-kernel-foo', './kernels/mine.ts'] });
 */
export function defineConfig(config: NnmConfig): NnmConfig {
  return config;
}

/** The file names that are looked for in each folder, first found wins. */
export const CONFIG_FILES: readonly string[] = [
  'nnm.config.ts',
  'nnm.config.mts',
  'nnm.config.js',
  'nnm.config.mjs',
  'nnm.config.cjs',
  'nnm.config.json',
  '.nnmrc',
  '.nnmrc.json',
  '.nnmrc.yaml',
  '.nnmrc.yml',
  '.nnmrc.ts',
  '.nnmrc.mts',
  '.nnmrc.js',
  '.nnmrc.mjs',
  '.nnmrc.cjs',
  'package.json',
];

/**
 * Find and read the nnm config that applies to a folder: the nearest one upwards, up to the home folder or the root, then
 * the user's own (`~/.config/nnm/config.*` on Linux).
 *
 * @throws {@link InvalidFileError} when it cannot be read or says something it may not
 */
export async function findNnmConfig(cwd: string): Promise<LoadedNnmConfig | undefined> {
  const { cosmiconfig, defaultLoaders } = await import('cosmiconfig');
  const explorer = cosmiconfig('nnm', {
    searchPlaces: [...CONFIG_FILES],
    searchStrategy: 'global',
    cache: false,
    loaders: {
      '.ts': loadModule,
      '.mts': loadModule,
      '.js': loadModule,
      '.mjs': loadModule,
      '.cjs': loadModule,
      '.json': refuseBadText(defaultLoaders['.json']),
      '.yaml': refuseBadText(defaultLoaders['.yaml']),
      '.yml': refuseBadText(defaultLoaders['.yml']),
      noExt: refuseBadText(defaultLoaders.noExt),
    },
  });
  const found = await explorer.search(cwd);
  return found === null ? undefined : { file: found.filepath, config: checkConfig(found.config, found.filepath) };
}

async function loadModule(file: string): Promise<unknown> {
  const module = await importModule(pathToFileURL(file).href).catch((cause: unknown) => {
    throw new InvalidFileError({ file, problems: [{ message: `it failed while it was imported: ${describeCause(cause)}` }] }, { cause });
  });
  const config = defaultExport(module);
  // cosmiconfig takes a file without content for no config at all
  if (config === undefined || config === null)
    throw new InvalidFileError({ file, problems: [{ message: 'its default export is missing' }] });
  return config;
}

/** A line of the excerpt that parsers draw below their message. */
const PICTURE_LINE = /^>?\s*\d*\s*\||^-*\^/;

type Loader = (file: string, content: string) => unknown;

function refuseBadText(load: Loader): Loader {
  return (file, content) => {
    try {
      return load(file, content);
    } catch (cause) {
      // cosmiconfig's loaders repeat the file's name in front of the parser's own words, in colour where they believe in a terminal
      const [title, ...lines] = stripVTControlCharacters((cause as Error).message).split('\n');
      const format = /^(JSON|YAML) /.exec(title!)?.[1] ?? 'text that nnm can read';
      const said = lines.map((line) => line.trim()).find((line) => line !== '' && !PICTURE_LINE.test(line)) ?? title;
      throw new InvalidFileError({ file, problems: [{ message: `it is not ${format}: ${said}` }] }, { cause });
    }
  };
}

const KEYS = ['plugins', 'builtins', 'discover'] as const;

function checkConfig(raw: unknown, file: string): NnmConfig {
  const problems = configProblems(raw);
  if (problems.length > 0) throw new InvalidFileError({ file, problems });
  return raw as NnmConfig;
}

function configProblems(raw: unknown): readonly Problem[] {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return [{ message: `an nnm config must be an object, got ${nameType(raw)}` }];
  const { plugins, builtins, discover } = raw as Record<string, unknown>;
  const unknown = Object.keys(raw).filter((key) => !(KEYS as readonly string[]).includes(key) && key !== '$schema');
  return [
    ...unknown.map((key) => ({ key, message: `is not a key of an nnm config${didYouMean(key)}` })),
    ...pluginProblems(plugins),
    ...[
      { key: 'builtins', value: builtins },
      { key: 'discover', value: discover },
    ].flatMap(({ key, value }) =>
      value === undefined || typeof value === 'boolean' ? [] : [{ key, message: `must be true or false, got ${nameType(value)}` }],
    ),
  ];
}

function pluginProblems(plugins: unknown): readonly Problem[] {
  if (plugins === undefined) return [];
  if (!Array.isArray(plugins))
    return [{ key: 'plugins', message: `must be a list of package names, paths or plugins, got ${nameType(plugins)}` }];
  return plugins.flatMap((entry: unknown, index) => {
    const ok = typeof entry === 'string' ? entry.trim() !== '' : typeof entry === 'object' && entry !== null;
    return ok ? [] : [{ key: `plugins[${index}]`, message: `must be a package name, a path or a plugin, got ${nameType(entry)}` }];
  });
}

function didYouMean(key: string): string {
  const near = suggestNearest(key, KEYS);
  return near.length > 0 ? `, did you mean ${near.join(' or ')}?` : ` (${KEYS.join(', ')})`;
}

function nameType(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? JSON.stringify(value) : typeof value === 'object' ? 'an object' : String(value);
}
