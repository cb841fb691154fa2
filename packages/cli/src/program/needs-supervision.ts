import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CONFIG_ENDINGS, CONFIG_FILES } from './config-files.ts';

/** The commands that run code which their arguments name. */
const RUN_NAMED_CODE: readonly RegExp[] = [/^register$/, /^plugins[: ](add|check)\b/];

/**
 * Whether a command may run code that is not nnm's own, so that a process of its own has to watch over it. Looks at file names and at little
 * more, so that the usual start loses no time; what may be such code counts as such.
 *
 * @param userFolders - where nnm and its user keep things beyond any project
 */
export function needsSupervision(argv: readonly string[], cwd: string, userFolders: readonly string[]): boolean {
  const command = argv.filter((word) => !word.startsWith('-')).join(' ');
  if (RUN_NAMED_CODE.some((pattern) => pattern.test(command))) return true;
  if (userFolders.some((folder) => ['registered.json', 'packages'].some((name) => existsSync(join(folder, name))))) return true;
  if (userFolders.some((folder) => CONFIG_ENDINGS.some((ending) => existsSync(join(folder, `config${ending}`))))) return true;
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (CONFIG_FILES.some((name) => name !== 'package.json' && existsSync(join(folder, name))) || packageNamesPlugins(folder)) return true;
    if (dirname(folder) === folder) return false;
  }
}

/** The package.json of a folder has an nnm config, or a dependency that calls itself a plugin. */
function packageNamesPlugins(folder: string): boolean {
  const text = readText(join(folder, 'package.json'));
  if (text === undefined) return false;
  if (/"nnm"\s*:/.test(text)) return true;
  const names = text.match(/"(@?[\w.~-]+\/?[\w.~-]*)"(?=\s*:)/g) ?? [];
  return names.some((name) => readText(join(folder, 'node_modules', name.slice(1, -1), 'package.json'))?.includes('"nnm-plugin"'));
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // not there: no code either
  }
}

/** The folders of {@link needsSupervision}, without the libraries that know them for sure: those of any platform. */
export function likelyUserFolders(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const home = homedir();
  const named = [
    env.NNM_HOME,
    ...[env.XDG_DATA_HOME, env.XDG_CONFIG_HOME, env.LOCALAPPDATA, env.APPDATA].map((base) => base && join(base, 'nnm')),
  ];
  const usual = ['.local/share', '.config', 'Library/Application Support', 'Library/Preferences', 'AppData/Local', 'AppData/Roaming'];
  const folders = [
    ...named.filter((folder) => folder !== undefined && folder !== ''),
    ...usual.map((base) => join(home, base, 'nnm')),
  ] as string[];
  return folders.flatMap((folder) => [folder, join(folder, 'Data'), join(folder, 'Config')]);
}
