import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of files that lives as long as one test. */
export interface TempProject extends AsyncDisposable {
  readonly folder: string;
  path(...parts: string[]): string;
}

/** Write files (path → text, objects as JSON) into a new folder below the system's temporary one. */
export async function makeTempProject(files: Readonly<Record<string, string | object>>): Promise<TempProject> {
  // Symbolic links (macOS) would make paths in messages differ from those in the test
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'nnm-cli-')));
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content));
  }
  return { folder, path: (...parts) => join(folder, ...parts), [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Source of a plugin with one kernel per type, that passes core's checks and computes nothing. */
export function pluginSource(name: string, kernelTypes: readonly string[] = [], apiVersion = 1): string {
  const kernel = (type: string) => `{
    type: '${type}',
    block: class {},
    configSpace: { HW: { min: 1, max: 224, values: [7, 14, 28], description: 'height and width' }, CIN: { min: 1, max: 2048 } },
    sampler: { priorConfigSampling() {}, finegrainedConfigSampling() {} },
    features: { neededConfig: ['HW', 'CIN'], featureNames: ['HW', 'CIN'], getFeatureByConfig() {}, getConfigByFeature() {} },
  }`;
  return `export default { name: '${name}', apiVersion: ${apiVersion}, kernels: [${kernelTypes.map(kernel).join(', ')}] };\n`;
}

/** Files of an installed plugin package. */
export function pluginPackage(
  name: string,
  kernelTypes: readonly string[],
  extra: Readonly<Record<string, unknown>> = {},
): Record<string, string | object> {
  return {
    [`node_modules/${name}/package.json`]: {
      name,
      version: '1.0.0',
      type: 'module',
      exports: { import: './index.js' },
      keywords: ['nnm-plugin'],
      ...extra,
    },
    [`node_modules/${name}/index.js`]: pluginSource(name, kernelTypes),
  };
}
