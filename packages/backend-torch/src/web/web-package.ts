import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { RuntimeUnavailableError } from '@nnm/core';

/** The npm package of ONNX Runtime's WebAssembly. */
export const WEB_PACKAGE = 'onnxruntime-web';
/** The version that nnm is tested with. */
const TESTED = '1.30.0';

/** Its folder of builds, with a slash at the end; where npm puts it by this package when it is not installed. */
export function webFolder(): URL {
  const { resolve } = createRequire(import.meta.url);
  const folders = resolve.paths(WEB_PACKAGE) ?? [];
  const candidates = folders.map((folder) => new URL(`./${WEB_PACKAGE}/dist/`, pathToFileURL(`${folder}/`)));
  return candidates.find((folder) => existsSync(folder)) ?? (candidates[0] as URL);
}

/** Version of the package by its folder of builds. */
export const versionIn = (dist: URL): string =>
  (JSON.parse(readFileSync(new URL('../package.json', dist), 'utf8')) as { version: string }).version;

/** The error of a package that is not installed; undefined when it is. */
export function webPackageMissing(backend: string): RuntimeUnavailableError | undefined {
  if (existsSync(webFolder())) return undefined;
  const folder = dirname(dirname(dirname(fileURLToPath(webFolder()))));
  const reason = `the package ${WEB_PACKAGE} is not installed, which is left to you because it takes 139 MB`;
  const hint = `Run \`npm install --ignore-scripts ${WEB_PACKAGE}@${TESTED}\` in ${folder}, or in your project.`;
  return new RuntimeUnavailableError({ backend, reason, hint });
}
