import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The project that one works in: the repository around a folder (the nearest `.git` upwards), or else the folder of the nearest
 * package.json. What lies above is somebody else's. Undefined where nothing says where the project ends.
 */
export function findProjectRoot(cwd: string): string | undefined {
  return nearestWith(cwd, '.git') ?? nearestWith(cwd, 'package.json');
}

function nearestWith(folder: string, name: string): string | undefined {
  if (existsSync(join(folder, name))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestWith(parent, name);
}
