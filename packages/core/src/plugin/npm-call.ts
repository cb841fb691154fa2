/** How a process starts npm. */
export interface NpmCall {
  readonly file: string;
  readonly args: readonly string[];
  /** It is a script of the shell's, which takes arguments in quotes. */
  readonly shell: boolean;
}

/**
 * How to call npm: its own program, run by the same Node where it can be found, so that both are the same everywhere; else whatever `npm` is.
 *
 * @param here - the process that calls
 * @param isThere - tells whether a file is there
 * @example npmCall(['pack', 'koffi@2.9.0'], process, existsSync)
 */
export function npmCall(
  args: readonly string[],
  here: { readonly execPath: string; readonly env: Readonly<Record<string, string | undefined>>; readonly platform: string },
  isThere: (file: string) => boolean,
): NpmCall {
  const bin = here.execPath.replace(/[\\/][^\\/]*$/, '');
  const candidates = [here.env.npm_execpath, `${bin}/node_modules/npm/bin/npm-cli.js`, `${bin}/../lib/node_modules/npm/bin/npm-cli.js`];
  const program = candidates.find((file) => file !== undefined && /npm-cli\.[cm]?js$/.test(file) && isThere(file));
  if (program !== undefined) return { file: here.execPath, args: [program, ...args], shell: false };
  if (here.platform === 'win32') return { file: 'npm.cmd', args: args.map((arg) => `"${arg}"`), shell: true };
  return { file: 'npm', args, shell: false };
}
