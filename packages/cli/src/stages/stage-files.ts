import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { explainFileError, readJsonFile } from '@nnm/builder';
import { type Graph, InvalidFileError, inferShapes, NnmError, type Registry } from '@nnm/core';
import { UsageError } from '../errors.ts';
import { formatOfName } from '../input/input-format.ts';
import { isStandardInput } from '../input/standard-input.ts';
import { shortPath } from '../plugins/origin.ts';
import { type ReadRow, type RowOptions, readWholeRows } from './read-rows.ts';
import type { StageRow } from './stage-row.ts';

/** The file in which a folder of graphs or models says what they are of. */
export const INDEX_FILE = 'samples.jsonl';

/** What a stage works on: a configuration that is still to be built, a graph, or a converted model. */
export type StageItem = Partial<StageRow> &
  ({ readonly kind: 'config' } | { readonly kind: 'graph' | 'model'; readonly id: string; readonly file: string });

/**
 * What files and folders name: rows of configurations, folders with an index, graphs (`.json`) and models.
 *
 * @param modelExtension - of the backend's models; what ends otherwise and is no graph holds rows
 * @throws core's `InvalidFileError`, `FileAccessError`, {@link UsageError} for a folder that holds nothing of the kind
 */
export async function readStageItems(
  places: readonly string[],
  registry: Registry,
  { modelExtension, ...options }: RowOptions & { readonly modelExtension?: string | undefined },
): Promise<readonly StageItem[]> {
  const items: StageItem[] = [];
  for (const place of places) items.push(...(await itemsOf(place, registry, options, modelExtension)));
  return withDistinctIds(items);
}

async function itemsOf(
  place: string,
  registry: Registry,
  options: RowOptions,
  modelExtension: string | undefined,
): Promise<readonly StageItem[]> {
  if (isStandardInput(place)) return (await readWholeRows(place, registry, options)).map((row) => rowItem(row, undefined));
  const stat = statOf(place);
  if (stat.isDirectory()) return folderItems(place, registry, options, modelExtension);
  const ending = extname(place).toLowerCase();
  if (ending === modelExtension) return [fileItem('model', place)];
  if (ending === '.json' && (await isGraphFile(place))) return [fileItem('graph', place)];
  if (formatOfName(place) === undefined && stat.isFile() && isBinary(place)) {
    const known = modelExtension === undefined ? 'a graph (.json)' : `a graph (.json), a model of the backend (${modelExtension})`;
    throw new UsageError({
      message: `${place} is neither ${known} nor a file of rows.`,
      hint: 'Rows stand in .jsonl, .json or .csv files.',
    });
  }
  const folder = basename(place) === INDEX_FILE ? dirname(place) : undefined;
  return (await readWholeRows(place, registry, options)).map((row) => rowItem(row, folder));
}

async function folderItems(
  folder: string,
  registry: Registry,
  options: RowOptions,
  modelExtension: string | undefined,
): Promise<readonly StageItem[]> {
  const names = readdirSync(folder).sort();
  if (names.includes(INDEX_FILE)) {
    return (await readWholeRows(join(folder, INDEX_FILE), registry, { ...options, format: 'jsonl' })).map((row) => rowItem(row, folder));
  }
  const items: StageItem[] = [];
  for (const name of names) {
    const file = join(folder, name);
    if (extname(name).toLowerCase() === modelExtension) items.push(fileItem('model', file));
    else if (extname(name).toLowerCase() === '.json' && (await isGraphFile(file))) items.push(fileItem('graph', file));
  }
  if (items.length > 0) return items;
  const kinds = ['graphs (.json)', ...(modelExtension === undefined ? [] : [`models (${modelExtension})`])].join(' and ');
  throw new UsageError({
    message: `${shortPath(resolve(folder))} holds no ${kinds}.`,
    hint: 'Make some with `nnm generate` or `nnm convert`.',
  });
}

/**
 * @param folder - of the index that holds the row. Other files may name models too, but of a workspace's own: what is said of those is
 *   their configuration
 */
function rowItem({ problems: _, ...row }: ReadRow, folder: string | undefined): StageItem {
  if (folder === undefined || row.model === undefined) return { ...row, kind: 'config' };
  const file = resolve(folder, row.model);
  return { ...row, kind: extname(file).toLowerCase() === '.json' ? 'graph' : 'model', id: row.id ?? stemOf(file), file };
}

function fileItem(kind: 'graph' | 'model', file: string): StageItem {
  return { kind, id: stemOf(file), file: resolve(file) };
}

function stemOf(file: string): string {
  return basename(file, extname(file));
}

/** Files of two folders may have one name. */
function withDistinctIds(items: readonly StageItem[]): readonly StageItem[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    if (item.kind === 'config') return item;
    const key = `${item.kernel ?? ''}/${item.id}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? item : { ...item, id: `${item.id}_${count}` };
  });
}

/** The graph of a file, checked. @throws core's `InvalidFileError`, `FileAccessError` */
export async function readGraph(file: string): Promise<Graph> {
  const graph = await readJsonFile(file);
  if (!looksLikeGraph(graph)) throw new InvalidFileError({ file, problems: [{ message: 'it is no kernel graph' }], hint: GRAPH_HINT });
  try {
    inferShapes(graph);
    return graph;
  } catch (cause) {
    const message = NnmError.isInstance(cause) ? cause.message : 'it is no kernel graph';
    throw new InvalidFileError({ file, problems: [{ message }], hint: GRAPH_HINT }, { cause });
  }
}

const GRAPH_HINT = '`nnm generate` writes kernel graphs.';

/** A JSON file that holds a graph and no rows; one that is no JSON is told when its rows are read. */
async function isGraphFile(file: string): Promise<boolean> {
  try {
    return looksLikeGraph(await readJsonFile(file));
  } catch (error) {
    if (NnmError.isInstance(error)) return false;
    throw error;
  }
}

function looksLikeGraph(value: unknown): value is Graph {
  if (typeof value !== 'object' || value === null) return false;
  const { inputs, ops, outputs } = value as Partial<Graph>;
  return [inputs, ops, outputs].every(Array.isArray);
}

function isBinary(file: string): boolean {
  try {
    return readFileSync(file).subarray(0, 512).includes(0);
  } catch (error) {
    throw explainFileError(error, file, 'read');
  }
}

function statOf(place: string): ReturnType<typeof statSync> & object {
  try {
    return statSync(place);
  } catch (error) {
    throw explainFileError(error, place, 'read');
  }
}
