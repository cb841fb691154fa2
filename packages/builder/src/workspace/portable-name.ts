import path from 'node:path';

/** What is needed of `node:path`, whose own types are not for declarations: programs without Node's types read them. */
interface PathFlavour {
  readonly sep: string;
  relative(from: string, to: string): string;
  resolve(...segments: string[]): string;
  isAbsolute(path: string): boolean;
}

/**
 * The path of a file below a folder as files of a workspace name it: relative, with `/` on every system.
 *
 * @param flavour - whose paths these are; default: this system's
 */
export function portableName(folder: string, file: string, flavour: PathFlavour = path): string {
  return flavour.relative(folder, flavour.resolve(file)).replaceAll(flavour.sep, '/');
}

/** True for what lies below a folder: not the folder itself, and nothing beside it or on another drive. */
export function isBelow(folder: string, file: string, flavour: PathFlavour = path): boolean {
  const relative = flavour.relative(folder, flavour.resolve(file));
  return relative !== '' && relative !== '..' && !relative.startsWith(`..${flavour.sep}`) && !flavour.isAbsolute(relative);
}
