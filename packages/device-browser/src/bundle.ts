import { dirname } from 'node:path';
import { build } from 'esbuild';

/** A source file with all that it imports as one script for browsers. Only where nnm runs from sources is there a bundler. */
export async function bundleForBrowser(file: string, format: 'esm' | 'iife'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    // esbuild's own process outlives the folder that this one was started in.
    absWorkingDir: dirname(file),
    bundle: true,
    write: false,
    minify: true,
    format,
    platform: 'browser',
    conditions: ['@nnm/source'],
    target: ['chrome103', 'firefox113', 'safari16.4'],
    legalComments: 'none',
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}
