import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The project that one works in: the repository around a folder (the nearest `.git` upwards), or else the folder of the nearest
 * package.json, or else the folder itself. What lies above is somebody else's.
 */
export function findProjectRoot(cwd: string): string {
  return nearestWith(cwd, '.git') ?? nearestWith(cwd, 'package.json') ?? cwd;
}

function nearestWith(folder: string, name: string): string | undefined {
  if (existsSync(join(folder, name))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestWith(parent, name);
}
