import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * The profile that a runtime writes, which it does to a file only.
 *
 * @param run - is given what the file's name is to begin with; the file is whole when it is done
 */
export async function writtenProfile(run: (prefix: string) => void | Promise<void>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nnm-profile-'));
  try {
    await run(path.join(folder, 'profile'));
    const [file] = await readdir(folder);
    return await readFile(path.join(folder, file as string), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
