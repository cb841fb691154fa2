import { relative } from 'node:path';

/**
 * Where a plugin was found.
 *
 * - `builtin`: comes with @nnm/cli;
 * - `config`: named in the nnm config `file`;
 * - `dependency`: a direct dependency of the project whose package.json is `file`, with the keyword `nnm-plugin`;
 * - `registered`: registered by a meta file, kept in `file`.
 */
export type PluginOrigin =
  | { readonly kind: 'builtin' }
  | { readonly kind: 'config'; readonly file: string }
  | { readonly kind: 'dependency'; readonly file: string }
  | { readonly kind: 'registered'; readonly file: string };

/** One short phrase for tables and messages: `built in`, or the file that brought the plugin in, relative to `cwd`. */
export function describeOrigin(origin: PluginOrigin, cwd: string = process.cwd()): string {
  switch (origin.kind) {
    case 'builtin':
      return 'built in';
    case 'config':
      return shortPath(origin.file, cwd);
    case 'dependency':
      return `dependency in ${shortPath(origin.file, cwd)}`;
    case 'registered':
      return `registered in ${shortPath(origin.file, cwd)}`;
  }
}

/** A path relative to `cwd` when it lies below it or close by, absolute otherwise. */
export function shortPath(file: string, cwd: string = process.cwd()): string {
  const short = relative(cwd, file);
  return short === '' ? '.' : short.startsWith('../../..') || short.length > file.length ? file : short;
}
