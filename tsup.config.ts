import { existsSync, readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

// One build for every package: what package.json exports is what gets built, and oclif's commands and hooks besides.
const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  name: string;
  exports: Record<string, string | { '@nnm/source'?: string }>;
};
const entries = Object.values(exports).flatMap((target) =>
  typeof target === 'object' && target['@nnm/source'] ? [target['@nnm/source'].slice(2)] : [],
);

export default defineConfig({
  entry: existsSync('src/commands') ? [...entries, 'src/commands/**/*.ts', 'src/hooks/*.ts', '!src/**/*.test.ts'] : entries,
  outDir: 'dist',
  format: 'esm',
  target: 'node20',
  platform: 'node',
  sourcemap: true,
  clean: true,
  dts: false,
  // What a package calls by its own name stays a call of an entry; a bundler is in no bundle.
  external: ['esbuild', new RegExp(`^${name}/`)],
  silent: true,
});
