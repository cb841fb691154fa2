import { build } from 'esbuild';

/**
 * A source file with what it imports of this repository as one module for Node. Only where nnm runs from sources is there a bundler.
 *
 * @param libraries - `inside`: what it imports of others is in it too, so that it needs nothing but Node; `beside`: that stays an import
 */
export async function bundleForNode(file: string, libraries: 'inside' | 'beside'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['@nnm/source'],
    target: 'node20.12',
    legalComments: 'none',
    logLevel: 'silent',
    plugins:
      libraries === 'inside'
        ? []
        : [
            {
              name: 'libraries-beside',
              setup: ({ onResolve }) =>
                onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
                  kind === 'entry-point' || path.startsWith('@nnm/') ? undefined : { path, external: true },
                ),
            },
          ],
  });
  return outputFiles[0]!.text;
}
