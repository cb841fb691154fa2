import path from 'node:path';

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

/** Steps upwards that a short path may have. */
const MOST_STEPS = 2;

/**
 * A path relative to `cwd` when it lies below it or close by, absolute otherwise.
 *
 * @param flavour - whose paths these are; default: this system's
 */
export function shortPath(file: string, cwd: string = process.cwd(), flavour: path.PlatformPath = path): string {
  const short = flavour.relative(cwd, file);
  const steps = short.split(flavour.sep).filter((part) => part === '..').length;
  return short === '' ? '.' : steps > MOST_STEPS || short.length > file.length ? file : short;
}
