import { libraryPlatform } from '@nnm/core';

/** What a board's programs must be built for. */
export interface BoardPlatform {
  /** `process.platform` and `process.arch` of its Node. */
  readonly platform: string;
  readonly arch: string;
}

const HEAD_BYTES = 4096;

/** False for a program or library of another platform, which would only take room on the board. */
export function mayRunOn(content: Uint8Array, { platform, arch }: BoardPlatform): boolean {
  const builtFor = libraryPlatform(content.subarray(0, HEAD_BYTES));
  return builtFor === undefined || builtFor === platform || builtFor === `${platform}-${arch}`;
}

/** What a package.json says of where its package runs. */
export interface PackageLimits {
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

/** False for a package that npm would not install on the board. */
export function isForBoard({ os, cpu }: PackageLimits, board: BoardPlatform): boolean {
  return allows(os, board.platform) && allows(cpu, board.arch);
}

/** A list of names, or of names that it is not, with `!` before them. */
function allows(list: readonly string[] | undefined, name: string): boolean {
  if (list === undefined || list.length === 0) return true;
  return list.some((one) => one === name) || (list.every((one) => one.startsWith('!')) && !list.includes(`!${name}`));
}

/** True for the name of a package that holds what another one needs on this board, as `@koromix/koffi-linux-arm64` does. */
export function namesBoard(name: string, { platform, arch }: BoardPlatform): boolean {
  return name.endsWith(`${platform}-${arch}`);
}
