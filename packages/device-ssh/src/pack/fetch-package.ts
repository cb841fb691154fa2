import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DeviceUnavailableError, npmCall } from '@nnm/core';
import { extract } from 'tar';
import type { Manifest, PackageFolder } from './package-folder.ts';

/**
 * Have npm download a package that it did not install here, because it is for the board's platform.
 *
 * @param use - is given its folder, which is deleted afterwards
 * @throws {@link DeviceUnavailableError} when npm cannot
 */
export async function withFetchedPackage<T>(
  device: string,
  name: string,
  version: string,
  use: (fetched: PackageFolder) => Promise<T>,
): Promise<T> {
  const temporary = await mkdtemp(path.join(tmpdir(), 'nnm-board-'));
  try {
    const tarball = await npmPack(device, `${name}@${version}`, temporary);
    const folder = path.join(temporary, 'node_modules', ...name.split('/'));
    await mkdir(folder, { recursive: true });
    await extract({ file: path.join(temporary, tarball), cwd: folder, strip: 1 });
    const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Manifest;
    return await use({ folder, manifest, isInstalled: true });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** @returns name of the tarball in the folder */
async function npmPack(device: string, specifier: string, folder: string): Promise<string> {
  const args = ['pack', '--json', '--ignore-scripts', '--no-update-notifier', specifier];
  const call = npmCall(args, process, existsSync);
  return new Promise((resolve, reject) => {
    execFile(call.file, call.args, { cwd: folder, maxBuffer: 16 * 1024 * 1024, shell: call.shell }, (error, stdout, stderr) => {
      const name = error === null ? (JSON.parse(stdout) as readonly { readonly filename: string }[])[0]?.filename : undefined;
      // Older npm names a tarball as it names the package, with a slash.
      if (name !== undefined) return resolve(name.replace('@', '').replace('/', '-'));
      const why = /npm (?:error|ERR!) (?!code)(.+)/.exec(stderr)?.[1] ?? error?.message ?? 'it named no file';
      const reason = `npm could not download ${specifier}, which the backend needs there (${why.trim()})`;
      const hint = `Run \`npm pack ${specifier}\` to see more. Without a network, install the agent on the board by hand and name its folder by SSH_AGENT: docs/devices.md.`;
      return reject(new DeviceUnavailableError({ device, reason, hint }, { cause: error }));
    });
  });
}
