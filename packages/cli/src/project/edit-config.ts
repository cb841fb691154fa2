import { basename, join } from 'node:path';
import { readTextFile, writeJsonFile, writeWholeFile } from '@nnm/builder';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { type ConfigSearch, findNnmConfig } from '../plugins/nnm-config.ts';

/** What became of an nnm config. */
export interface ConfigEdit {
  readonly file: string;
  /** `manual`: the file is a program, which only its author can edit. */
  readonly outcome: 'changed' | 'unchanged' | 'manual';
}

/** Add a plugin to the end of `plugins` in the config that applies to a project, or in a new `nnm.config.json`. */
export async function addToConfig(folder: string, plugin: string, search?: ConfigSearch): Promise<ConfigEdit> {
  const config = await findNnmConfig(folder, search);
  if (config === undefined || config.isUsers) {
    const file = join(folder, 'nnm.config.json');
    await writeJsonFile(file, { plugins: [plugin] });
    return { file, outcome: 'changed' };
  }
  if (config.config.plugins?.includes(plugin)) return { file: config.file, outcome: 'unchanged' };
  return editPlugins(config.file, (plugins) => [...plugins, plugin]);
}

/** Take a plugin out of `plugins` in the config that applies to a project. */
export async function removeFromConfig(folder: string, plugin: string, search?: ConfigSearch): Promise<ConfigEdit | undefined> {
  const config = await findNnmConfig(folder, search);
  if (config === undefined || config.isUsers) return undefined;
  if (!config.config.plugins?.includes(plugin)) return { file: config.file, outcome: 'unchanged' };
  return editPlugins(config.file, (plugins) => plugins.filter((entry) => entry !== plugin));
}

async function editPlugins(file: string, change: (plugins: readonly unknown[]) => readonly unknown[]): Promise<ConfigEdit> {
  if (/\.[cm]?[jt]s$/.test(file)) return { file, outcome: 'manual' };
  const text = await readTextFile(file);
  const isPackage = basename(file) === 'package.json';
  const asJson = parseJson(text);
  if (asJson !== undefined) {
    const whole = asJson as Record<string, unknown> & { nnm?: Record<string, unknown> };
    const config = (isPackage ? whole.nnm : whole) ?? {};
    const edited = { ...config, plugins: change((config.plugins as readonly unknown[] | undefined) ?? []) };
    const indent = /^[ \t]+/m.exec(text)?.[0] ?? '  ';
    await writeWholeFile(file, `${JSON.stringify(isPackage ? { ...whole, nnm: edited } : edited, null, indent)}\n`);
    return { file, outcome: 'changed' };
  }
  // YAML: edit the document, not its value, so that comments stay.
  const document = parseDocument(text);
  const found = isMap(document.contents) ? document.contents.get('plugins', true) : undefined;
  const list = isSeq(found) ? found.items.map((item) => (isScalar(item) ? item.value : item)) : [];
  const edited = change(list);
  if (isSeq(found)) {
    found.items = found.items.filter((item) => edited.includes(isScalar(item) ? item.value : item));
    for (const value of edited) if (!list.includes(value)) found.add(document.createNode(value));
  } else document.set('plugins', document.createNode(edited));
  await writeWholeFile(file, document.toString());
  return { file, outcome: 'changed' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // `.nnmrc` may be JSON or YAML: what is not JSON is read as YAML.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
