import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('../packages/predictor', import.meta.url));
const SOURCE = 'assembly/lane-walk.ts';

/** Where the compiled module is kept, relative to the repository. */
export const LANE_WALK_FILE = 'packages/predictor/src/predict/generated/lane-walk-module.ts';

/** The text of {@link LANE_WALK_FILE}: the compiled assembly/lane-walk.ts as base64. */
export async function laneWalkModule(): Promise<string> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    // Without a runtime there is no garbage collector: nothing is allocated.
    [SOURCE, '--baseDir', root, '--outFile', 'module', '-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--bindings', 'none'],
    {
      writeFile: (_name, contents) => {
        binary = contents as Uint8Array;
      },
    },
  );
  if (error !== null || binary === undefined) throw new Error(`${SOURCE} does not compile: ${stderr.toString()}`, { cause: error });
  return [
    `// packages/predictor/${SOURCE} as WebAssembly. Made by \`npm run make:lane-walk\`. Do not edit.`,
    `export const LANE_WALK_MODULE =`,
    `  '${Buffer.from(binary).toString('base64')}';`,
    '',
  ].join('\n');
}
