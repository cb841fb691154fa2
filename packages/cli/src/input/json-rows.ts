import { type AnyKernel, InvalidFileError } from '@nnm/core';
import { repeatedKey } from '@nnm/profiler';
import { showValue } from '../output/show-value.ts';
import { holdsEntries, isObject } from './holds-entries.ts';
import { FORMAT_HINT } from './input-format.ts';
import { type InputRow, type InputRows, readNumber } from './input-row.ts';
import { type ReadableKernel, type RowKernels, readableKernel } from './row-kernels.ts';
import type { TextLine } from './text-lines.ts';

type Row = Pick<InputRow, 'kernel' | 'config' | 'own' | 'problem'>;

/**
 * The configurations of a JSON file: one, a list of them, or a config file of a workspace. A configuration may also stand at the key
 * `config`. What is no key of the kernel is the user's own, as a column of a CSV file is.
 *
 * @throws core's `InvalidFileError` when it is not JSON, or names something twice
 */
export function readJson(file: string, text: string, kernels: RowKernels): InputRows {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InvalidFileError(
      { file, problems: [{ message: `it is not JSON: ${(cause as Error).message}` }], hint: FORMAT_HINT },
      { cause },
    );
  }
  const twice = repeatedKey(text);
  if (twice !== undefined) throw new InvalidFileError({ file, problems: [{ message: `${twice.join('.')} is there twice` }] });
  return { rows: rowsOf(json, kernels) };
}

async function* rowsOf(json: unknown, kernels: RowKernels): AsyncGenerator<InputRow> {
  if (Array.isArray(json)) for (const [index, value] of json.entries()) yield { ...splitRow(value, kernels), key: `[${index}]` };
  else if (!holdsEntries(json, kernels)) yield splitRow(json, kernels);
  else
    for (const [type, entries] of Object.entries(json)) {
      if (kernels.only !== undefined && kernels.find(type) === undefined) continue;
      for (const [id, entry] of Object.entries(isObject(entries) ? entries : {}))
        yield { ...splitEntry(id, type, entry, kernels), key: kernels.only !== undefined ? id : `${type}.${id}` };
    }
}

/** An entry of such a file. */
function splitEntry(id: string, type: string, entry: unknown, kernels: RowKernels): Row {
  const { config, ...beside } = isObject(entry) ? entry : { config: undefined };
  const of = kernels.of(type);
  const own = kernels.keepsEntries ? { ...beside, id, kernel: type } : {};
  if (of.problem !== undefined) return { config, own, problem: of.problem };
  const row = splitConfig(config, of);
  return { ...row, own: { ...own, ...row.own } };
}

/** The configurations of a JSON Lines file; a line that is no JSON is wrong on its own. */
export function readJsonLines(lines: AsyncIterable<TextLine>, kernels: RowKernels): InputRows {
  return { rows: linesOf(lines, kernels) };
}

async function* linesOf(lines: AsyncIterable<TextLine>, kernels: RowKernels): AsyncGenerator<InputRow> {
  for await (const { text, line } of lines) {
    if (text.trim() === '') continue;
    const value = parseLine(text);
    const twice = typeof value === 'string' ? undefined : repeatedKey(text);
    yield { ...splitRow(value, kernels), line, ...(twice !== undefined && { problem: `${twice.join('.')} is there twice` }) };
  }
}

/** What the line holds, or the line itself when it is not JSON, so that an error can show it. */
function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A configuration as texts, such as those of a command line, by the rule of files: what is no key of the kernel is the user's own. */
export function readTexts(entries: Readonly<Record<string, string>>, kernel: AnyKernel): Row {
  const { config, ...rest } = splitConfig(entries, readableKernel(kernel));
  const read = Object.entries(config as Readonly<Record<string, string>>).map(([key, text]) => [key, readNumber(text)]);
  return { ...rest, config: Object.fromEntries(read) };
}

function splitRow(value: unknown, kernels: RowKernels): Row {
  const named = isObject(value) ? value.kernel : undefined;
  const of = kernels.of(named);
  if (of.problem !== undefined) {
    if (!isObject(value)) return { config: value, own: {}, problem: `it is no object: ${showValue(value)}` };
    const { config, ...own } = value;
    return { config, own, problem: of.problem };
  }
  if (!isObject(value) || !isObject(value.config)) return splitConfig(value, of);
  const { config, ...beside } = value;
  const { own, ...rest } = splitConfig(config, of);
  const within = Object.entries(own).map(([name, one]) => [Object.hasOwn(beside, name) ? `config.${name}` : name, one]);
  return { ...rest, own: { ...beside, ...Object.fromEntries(within) } };
}

/** The kernel's keys are the configuration, all others the user's own. */
function splitConfig(value: unknown, { kernel, keyOf }: ReadableKernel): Row {
  if (!isObject(value)) return { kernel, config: value, own: {} };
  const named = Object.entries(value).map(([name, one]) => ({ name, one, key: keyOf(name) }));
  const names = (key: string): readonly string[] => named.filter((entry) => entry.key === key).map(({ name }) => name);
  const twice = named.map(({ key }) => key).find((key) => key !== undefined && names(key).length > 1);
  return {
    kernel,
    config: Object.fromEntries(named.flatMap(({ key, one }) => (key === undefined ? [] : [[key, one]]))),
    own: Object.fromEntries(named.flatMap(({ name, key, one }) => (key === undefined ? [[name, one]] : []))),
    ...(twice !== undefined && { problem: `more than one key is ${twice}: ${names(twice).join(', ')}` }),
  };
}
