import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One property of a builder method's options. */
export interface OptionDocs {
  readonly name: string;
  readonly type: string;
  readonly description: string;
}

/** One builder method. */
export interface MethodDocs {
  readonly signature: string;
  readonly description: string;
  readonly parameters: readonly OptionDocs[];
  readonly options: readonly OptionDocs[];
}

/** What the source of one operator says of it. */
export interface OperatorDocs {
  readonly op: string;
  readonly description: string;
  readonly shapes: string;
  readonly methods: readonly MethodDocs[];
}

/** A named type that signatures mention. */
export interface TypeDocs {
  readonly name: string;
  readonly type: string;
  readonly description: string;
}

type Interfaces = ReadonlyMap<string, ts.InterfaceDeclaration>;

/** Read the operators' own files: the docstrings of their ops, methods and options. Sorted by name. */
export function readOperators(graphFolder: string): readonly OperatorDocs[] {
  const opFiles = readdirSync(join(graphFolder, 'ops')).filter((name) => name.endsWith('.ts') && name !== 'index.ts');
  const others = readdirSync(graphFolder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const parsed = opFiles.map((name) => parse(join(graphFolder, 'ops', name)));
  const interfaces = new Map([...parsed, ...others.map((name) => parse(join(graphFolder, name)))].flatMap((found) => [...found]));
  return parsed.map((own) => describeOperator(own, interfaces)).sort((a, b) => (a.op < b.op ? -1 : 1));
}

/** The types of arguments and options that are names for others, sorted by name. */
export function readTypes(graphFolder: string, used: string): readonly TypeDocs[] {
  const files = [graphFolder, join(graphFolder, 'ops')].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(folder, name)),
  );
  const aliases = files.flatMap((file) => sourceOf(file).statements.filter(ts.isTypeAliasDeclaration));
  return aliases
    .map((alias) => ({ name: alias.name.text, type: oneLine(alias.type.getText()).replace(/^\| /, ''), description: textOf(alias) }))
    .filter(({ name }) => new RegExp(`\\b${name}\\b`).test(used))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const sourceOf = (file: string): ts.SourceFile => ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);

function parse(file: string): Interfaces {
  return new Map(
    sourceOf(file)
      .statements.filter(ts.isInterfaceDeclaration)
      .map((declaration) => [declaration.name.text, declaration]),
  );
}

function describeOperator(own: Interfaces, all: Interfaces): OperatorDocs {
  const op = [...own.values()].find((declaration) => literalOf(declaration) !== undefined);
  const methods = [...own.values()].find(({ name }) => name.text.endsWith('Methods'));
  if (op === undefined || methods === undefined) throw new Error(`no op and methods among ${[...own.keys()].join(', ')}`);
  return {
    op: literalOf(op) as string,
    description: textOf(op),
    shapes: tagOf(op, 'shapes'),
    methods: methods.members.filter(ts.isMethodSignature).map((method) => describeMethod(method, all)),
  };
}

/** The name in `readonly op: 'softmax'`. */
function literalOf({ members }: ts.InterfaceDeclaration): string | undefined {
  const member = members.find((candidate) => candidate.name?.getText() === 'op');
  const type = member && ts.isPropertySignature(member) ? member.type : undefined;
  return type !== undefined && ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? type.literal.text : undefined;
}

function describeMethod(method: ts.MethodSignature, interfaces: Interfaces): MethodDocs {
  const parameters = ts.getJSDocTags(method).filter(ts.isJSDocParameterTag);
  return {
    signature: oneLine(method.getText()).replace(/;$/, ''),
    description: textOf(method),
    parameters: parameters.map((tag) => ({
      name: tag.name.getText(),
      type: oneLine(method.parameters.find(({ name }) => name.getText() === tag.name.getText())?.type?.getText() ?? ''),
      description: comment(tag.comment).replace(/^- /, ''),
    })),
    options: method.parameters.flatMap(({ type }) => optionsOf(type?.getText() ?? '', interfaces)),
  };
}

/** Properties of an options interface, with those it extends before its own. */
function optionsOf(name: string, interfaces: Interfaces): readonly OptionDocs[] {
  const declaration = name.endsWith('Options') ? interfaces.get(name) : undefined;
  if (declaration === undefined) return [];
  const inherited = declaration.heritageClauses?.flatMap(({ types }) => types.map((type) => type.getText())) ?? [];
  const own = declaration.members.filter(ts.isPropertySignature).map((member) => ({
    name: `${member.name.getText()}${member.questionToken ? '' : ' (required)'}`,
    type: oneLine(member.type?.getText() ?? ''),
    description: textOf(member),
  }));
  return [...inherited.flatMap((parent) => optionsOf(parent, interfaces)), ...own];
}

const textOf = (node: ts.Node): string => {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return comment(docs.at(-1)?.comment);
};

const tagOf = (node: ts.Node, name: string): string => comment(ts.getJSDocTags(node).find(({ tagName }) => tagName.text === name)?.comment);

const comment = (text: string | ts.NodeArray<ts.JSDocComment> | undefined): string =>
  oneLine(ts.getTextOfJSDocComment(text) ?? '').replace(/\{@link ([\w.]+)\}/g, '`$1`');

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
