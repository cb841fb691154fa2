import { existsSync, readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { defineConfig } from 'tsup';

// One build for every package: what package.json exports is what gets built, and oclif's commands and hooks besides. An export below
// `./browser/` is a module that a page loads by itself: one file with all that it imports, `src/browser/x.ts` as `dist/browser/x.js`.
const {
  name,
  exports,
  optionalDependencies = {},
} = JSON.parse(readFileSync('package.json', 'utf8')) as {
  name: string;
  exports: Record<string, string | { '@nnm/source'?: string }>;
  optionalDependencies?: Record<string, string>;
};
const sources = Object.entries(exports).flatMap(([path, target]) =>
  typeof target === 'object' && target['@nnm/source'] ? [{ path, source: target['@nnm/source'].slice(2) }] : [],
);
const isForPages = ({ path }: { path: string }): boolean => path.startsWith('./browser/');
const entries = sources.filter((one) => !isForPages(one)).map(({ source }) => source);
const pageModules = sources.filter(isForPages).map(({ source }) => source);

export default defineConfig({
  entry: existsSync('src/commands') ? [...entries, 'src/commands/**/*.ts', 'src/hooks/*.ts', '!src/**/*.test.ts'] : entries,
  outDir: 'dist',
  format: 'esm',
  target: 'node20',
  platform: 'node',
  sourcemap: true,
  clean: true,
  dts: false,
  // What a package calls by its own name stays a call of an entry; a bundler is in no bundle; tsup would build in what is optional.
  external: ['esbuild', new RegExp(`^${name}/`), ...Object.keys(optionalDependencies)],
  silent: true,
  async onSuccess() {
    if (pageModules.length === 0) return;
    await build({
      entryPoints: pageModules,
      outbase: 'src',
      outdir: 'dist',
      bundle: true,
      format: 'esm',
      target: 'es2022',
      platform: 'browser',
      sourcemap: true,
      logLevel: 'warning',
    });
  },
});
