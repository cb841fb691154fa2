// Makes the pages of every export with typedoc, in dist/api: `npm run docs:api`. With --check it makes no pages and only fails where an
// export has no docstring.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, OptionDefaults } from 'typedoc';

const root = fileURLToPath(new URL('..', import.meta.url));
const isCheck = process.argv.includes('--check');

/** The entry files of every package that is published; those deeper than `src/` are machinery, such as what a child process runs. */
const entryPoints = readdirSync(path.join(root, 'packages')).flatMap((name) => {
  const file = path.join(root, 'packages', name, 'package.json');
  if (!existsSync(file)) return [];
  const { private: isPrivate, exports = {}, bin } = JSON.parse(readFileSync(file, 'utf8'));
  if (isPrivate) return [];
  const entries = Object.entries(exports).flatMap(([key, entry]) => (bin && key !== '.' ? [] : (entry['@nnm/source'] ?? [])));
  return entries.filter((entry) => /^\.\/src\/[^/]+\.ts$/.test(entry)).map((entry) => path.join(root, 'packages', name, entry));
});

const app = await Application.bootstrap({
  name: 'nnm',
  entryPoints,
  tsconfig: path.join(root, 'tsconfig.api.json'),
  out: path.join(root, 'dist', 'api'),
  readme: 'none',
  // What an operator makes of shapes: a tag of nnm's own, see docs/operators.md.
  blockTags: [...OptionDefaults.blockTags, '@shapes'],
  basePath: root,
  displayBasePath: root,
  excludeInternal: true,
  excludePrivate: true,
  disableSources: isCheck,
  skipErrorChecking: true,
  githubPages: false,
  validation: { notExported: false, invalidLink: false, notDocumented: true, rewrittenLink: false },
  requiredToBeDocumented: ['Class', 'Function', 'Interface', 'TypeAlias', 'Variable', 'Enum'],
  logLevel: 'Warn',
});
const project = await app.convert();
if (project === undefined) process.exit(1);
app.validate(project);
if (app.logger.warningCount > 0 || app.logger.errorCount > 0) {
  console.error('docs:api: every export needs a docstring; see the warnings above.');
  process.exitCode = 1;
} else if (!isCheck) await app.generateOutputs(project);
