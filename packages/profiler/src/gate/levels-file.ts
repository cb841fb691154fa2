import { createHash } from 'node:crypto';
import { comparableOptions, deviceName, type Environment } from '../environment.ts';
import { type FileSystem, nodeFileSystem, WholeFileWriter } from '../files/index.ts';
import { userDataFile } from '../user-data-folder.ts';
import { type KnownLevels, NO_LEVELS, parseKnownLevels, relearnLevel, rememberLevel, type SessionLevel } from './known-levels.ts';

/** Where quiet levels are kept between sessions unless the caller says otherwise. */
export function defaultLevelsFile(): string {
  return userDataFile('quiet-levels.json');
}

/** Tells references apart: probes of one say nothing of another. */
export function referenceId(model: Uint8Array): string {
  return createHash('sha256').update(model).digest('hex').slice(0, 12);
}

/**
 * What a quiet level depends on: the machine, the runtime as it was set up, and the reference model.
 *
 * @param unit - of a device elsewhere, which of its model it is: another one is warmer, or older
 */
export function levelsKey(environment: Environment, reference: Uint8Array, unit?: string): string {
  const { cpu, cores, platform, arch, runtime } = environment;
  const model = referenceId(reference);
  const options = Object.entries(comparableOptions(runtime))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  const device = environment.device === undefined ? [] : [deviceName(environment), ...(unit === undefined ? [] : [unit])];
  const machine = [cpu, `${cores} cores`, platform, arch, ...device];
  return [...machine, runtime.runtime, runtime.version, `${runtime.threads} threads`, ...options, model].join('|');
}

/** The remembered levels; none when the file is absent or not readable as one. */
export function readKnownLevels(file: string, files: FileSystem = nodeFileSystem): KnownLevels {
  if (files.stat(file) === undefined) return NO_LEVELS;
  return parseKnownLevels(Buffer.from(files.readFile(file)).toString('utf8')) ?? NO_LEVELS;
}

/**
 * Remember a session's level. Reads the file again first, so that parallel sessions seldom lose each other's.
 *
 * @param anew - forget what earlier sessions have reached
 */
export function storeLevel(
  file: string,
  key: string,
  session: SessionLevel,
  { anew = false, files = nodeFileSystem }: { readonly anew?: boolean; readonly files?: FileSystem } = {},
): void {
  const writer = new WholeFileWriter(file, { files });
  const add = anew ? relearnLevel : rememberLevel;
  writer.write(`${JSON.stringify(add(readKnownLevels(file, files), key, session), null, 2)}\n`);
  writer.finish();
}
