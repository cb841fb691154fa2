import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWholeFile } from '@nnm/builder';
import { CORE_VERSION, ID_RULE, InvalidArgumentError, NnmError } from '@nnm/core';

/** What to write. */
export interface ScaffoldOptions {
  readonly kind: 'kernel' | 'backend';
  /** Such as `my-kernel`. */
  readonly name: string;
  readonly folder: string;
  /** Default: `nnm-<kind>-<name>`, or `nnm-<name>` when the name says what it is. */
  readonly packageName?: string;
}

/** The folder for a new package has something in it already. */
class FolderNotEmptyError extends NnmError {
  constructor(details: { folder: string; found: readonly string[] }) {
    super({
      code: 'ERR_FOLDER_NOT_EMPTY',
      message: `The folder ${details.folder} is not empty: it has ${details.found.slice(0, 5).join(', ')}.`,
      hint: 'Choose another name, or another place with --folder.',
      details,
    });
  }
}

const NAME = /^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/;
const PACKAGE_NAME = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/**
 * Write a plugin package from its template.
 *
 * @returns paths of the files below `folder`, sorted
 * @throws {@link InvalidArgumentError} for names that will not do, {@link FolderNotEmptyError}
 */
export async function scaffoldPlugin({ kind, name, folder, packageName }: ScaffoldOptions): Promise<readonly string[]> {
  const published = packageName ?? (name.split('-').includes(kind) ? `nnm-${name}` : `nnm-${kind}-${name}`);
  if (!NAME.test(name)) throw new InvalidArgumentError({ name: 'name', expected: `${ID_RULE}, beginning with a letter`, got: name });
  if (!PACKAGE_NAME.test(published))
    throw new InvalidArgumentError({ name: 'package', expected: 'a name that npm accepts', got: published });
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (found.length > 0) throw new FolderNotEmptyError({ folder, found });

  const template = findTemplate(kind);
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => relative(template, join(entry.parentPath, entry.name)));
  const fill = (text: string): string => fillIn(text, { name, packageName: published });
  const written = await Promise.all(
    files.map(async (file) => {
      const target = fill(file)
        .replace(/^gitignore$/, '.gitignore')
        .replace(/^package\.template\.json$/, 'package.json');
      await mkdir(dirname(join(folder, target)), { recursive: true });
      await writeWholeFile(join(folder, target), fill(await readFile(join(template, file), 'utf8')));
      return target.split(sep).join('/');
    }),
  );
  return written.sort();
}

/** The names that stand in a template, which is valid code itself, and what takes their place. */
function fillIn(text: string, { name, packageName }: { name: string; packageName: string }): string {
  const words = name.split(/[_-]/);
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  const replacements: readonly (readonly [string, string])[] = [
    ['nnm-template-package', packageName],
    // A backend called my-backend is MyBackend, not MyBackendBackend.
    ...(words.at(-1) === 'backend'
      ? ([
          ['template-name-backend', name],
          ['TemplateNameBackend', pascal],
        ] as const)
      : []),
    ['template-name', name],
    ['template_name', words.join('_')],
    ['TemplateName', pascal],
    ['templateName', pascal.charAt(0).toLowerCase() + pascal.slice(1)],
    ['0.0.0-nnm', CORE_VERSION],
  ];
  return replacements.reduce((filled, [from, to]) => filled.replaceAll(from, to), text);
}

/** The `templates` folder of this package: the nearest one above this module, which may lie anywhere in `src` or `dist`. */
function findTemplate(kind: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'templates', kind)) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'templates', kind);
}
