// One file per backend that runs in a browser, with all that it imports.
import { build } from 'esbuild';

await build({
  entryPoints: ['cpu', 'wasm', 'webgl', 'webgpu'].map((name) => `src/browser-${name}.ts`),
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  conditions: ['@nnm/source'],
  minify: true,
  legalComments: 'linked',
  logLevel: 'error',
});
