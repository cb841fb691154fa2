// What a package exports is used elsewhere in this repository, named in a document, mentioned by the signature of such an export, or public
// by design with its reason in public-by-design.json. `node scripts/lint/public-exports.mjs`; exits 1 and names every other export.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const folders = ['packages', 'tools', 'examples', 'tests', 'scripts', 'docs'];
const skipped = /(^|[\\/])(node_modules|dist|docs[\\/]adr|docs[\\/]measurements)([\\/]|$)/;
const design = JSON.parse(await readFile(join(root, 'scripts', 'lint', 'public-by-design.json'), 'utf8'));
const parsed = new Map();

/** Sources and documents of the repository by path. */
async function readTexts() {
  const texts = new Map([['README.md', await readFile(join(root, 'README.md'), 'utf8')]]);
  for (const folder of folders) {
    for (const entry of await readdir(join(root, folder), { recursive: true })) {
      const path = join(folder, entry);
      if (!skipped.test(path) && (/\.(m?ts|m?js|md)$/.test(path) || (path.includes('templates') && /\.\w+$/.test(path))))
        texts.set(path.split(sep).join('/'), await readFile(join(root, path), 'utf8'));
    }
  }
  return texts;
}

/** Names that a module exports: the file and the nodes that declare each. */
function exportsOf(file, texts) {
  if (!parsed.has(file)) parsed.set(file, ts.createSourceFile(file, texts.get(file), ts.ScriptTarget.Latest, true));
  const found = new Map();
  const add = (name, where, node) => found.set(name, { file: where, nodes: [...(found.get(name)?.nodes ?? []), node] });
  const isExported = (node) => ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  for (const node of parsed.get(file).statements) {
    if (ts.isExportDeclaration(node)) {
      const from = node.moduleSpecifier?.text;
      if (!from?.startsWith('.')) {
        for (const { name } of node.exportClause?.elements ?? []) found.set(name.text, { file, nodes: [] }); // of another package
        continue;
      }
      const target = join(dirname(file), from).split(sep).join('/');
      if (node.exportClause !== undefined && ts.isNamespaceExport(node.exportClause)) {
        found.set(node.exportClause.name.text, { file: target, nodes: [] });
        continue;
      }
      const theirs = exportsOf(target, texts);
      if (node.exportClause === undefined) for (const [name, one] of theirs) found.set(name, one);
      else
        for (const { name, propertyName } of node.exportClause.elements)
          found.set(name.text, theirs.get((propertyName ?? name).text) ?? { file: target, nodes: [] });
    } else if (ts.isVariableStatement(node) && isExported(node)) {
      for (const one of node.declarationList.declarations) {
        if (ts.isIdentifier(one.name)) add(one.name.text, file, one);
        else for (const { name } of one.name.elements) add(name.text, file, one);
      }
    } else if (ts.isExportAssignment(node)) add('default', file, node);
    else if (isExported(node) && node.name !== undefined) add(node.name.text, file, node);
  }
  return found;
}

/** Names in what a declaration shows of itself, and what those of them show that its file keeps to itself. Without bodies and private members. */
function namesIn(node, found = new Set()) {
  const visit = (one) => {
    if (ts.isIdentifier(one) && !found.has(one.text)) {
      found.add(one.text);
      for (const statement of node.getSourceFile().statements) {
        const names = ts.isVariableStatement(statement)
          ? statement.declarationList.declarations.map(({ name }) => name.text)
          : [statement.name?.text];
        if (names.includes(one.text)) visit(statement);
      }
    }
    const isPrivate = ts.canHaveModifiers(one) && ts.getModifiers(one)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
    if (!ts.isBlock(one) && !(isPrivate && !ts.isParameter(one))) ts.forEachChild(one, visit);
  };
  visit(node);
  return found;
}

/**
 * Names that a source takes from modules that it loads late, by module: `const { a } = await import('x')`, and the same of several in
 * `const [{ a }, { b }] = await Promise.all([import('x'), import('y')])`.
 */
function lateImports(path, text) {
  const found = [];
  const importsOf = (node) => {
    if (ts.isAwaitExpression(node)) return importsOf(node.expression);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return [node.arguments[0]?.text];
    if (ts.isCallExpression(node) && node.arguments[0] && ts.isArrayLiteralExpression(node.arguments[0]))
      return node.arguments[0].elements.map((one) => importsOf(one)[0]);
    return [];
  };
  const visit = (node) => {
    if (ts.isVariableDeclaration(node) && node.initializer && !ts.isIdentifier(node.name)) {
      const patterns = ts.isArrayBindingPattern(node.name) ? node.name.elements.map(({ name }) => name) : [node.name];
      importsOf(node.initializer).forEach((from, index) => {
        const pattern = patterns[index];
        if (from === undefined || pattern === undefined || !ts.isObjectBindingPattern(pattern)) return;
        for (const { propertyName, name } of pattern.elements) found.push({ from, name: (propertyName ?? name).text });
      });
    }
    ts.forEachChild(node, visit);
  };
  if (text.includes('import(')) visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}

const late = new Map();

/** True when the text imports the name from the package, or is a document that has it in code. */
function uses(path, text, specifier, name) {
  if (path.endsWith('.md')) return new RegExp(`\`[^\`]*\\b${name}\\b[^\`]*\``).test(text);
  for (const [, names, from] of text.matchAll(/(?:import|export)\s+(?:type\s+)?(?:\w+\s*,\s*)?\{([^}]*)\}\s*from\s*['"]([^'"]+)['"]/g)) {
    if (from === specifier && new RegExp(`\\b${name}\\b`).test(names)) return true;
  }
  if (!late.has(path)) late.set(path, lateImports(path, text));
  return late.get(path).some((one) => one.from === specifier && one.name === name);
}

const texts = await readTexts();
const problems = [];
for (const manifestFile of [...(await readdir(join(root, 'packages')))].map((name) => join('packages', name, 'package.json'))) {
  const folder = dirname(manifestFile).split(sep).join('/');
  const manifest = await readFile(join(root, manifestFile), 'utf8').then(JSON.parse, () => undefined); // what is left of a package that moved
  if (manifest === undefined || manifest.private) continue; // nobody can install a private one
  const reasons = design[manifest.name] ?? {};
  const isThere = (source) => source !== undefined && texts.has(join(folder, source).split(sep).join('/'));
  const entries = Object.entries(manifest.exports).filter(([, target]) => isThere(target['@nnm/source']));
  const all = new Map(entries.flatMap(([, target]) => [...exportsOf(join(folder, target['@nnm/source']), texts)]));
  const specifiers = entries.map(([path]) => manifest.name + path.slice(1));
  const outside = [...texts].filter(
    ([path, text]) =>
      (path.endsWith('.md') || !path.startsWith(`${folder}/src/`)) && specifiers.some((one) => path.endsWith('.md') || text.includes(one)),
  );
  const kept = [...all.keys()].filter(
    (name) =>
      name === 'default' ||
      name in reasons ||
      '*' in reasons ||
      outside.some(([path, text]) => specifiers.some((specifier) => uses(path, text, specifier, name))),
  );
  for (const name of kept)
    for (const node of all.get(name).nodes)
      for (const mentioned of namesIn(node)) if (all.has(mentioned) && !kept.includes(mentioned)) kept.push(mentioned);
  const found = [...all.keys()].filter((name) => !kept.includes(name));
  problems.push(...found.map((name) => `${manifest.name} exports ${name} (${relative('.', all.get(name).file)}), which nobody needs`));
  problems.push(
    ...Object.keys(reasons)
      .filter((name) => name !== '*' && !all.has(name))
      .map((name) => `${manifest.name} has no export ${name}, which public-by-design.json keeps`),
  );
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) console.error("Take it out of the package's index.ts, or give the reason in scripts/lint/public-by-design.json.");
process.exitCode = problems.length === 0 ? 0 : 1;
