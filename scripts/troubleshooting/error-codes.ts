import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** One place in the sources where an error of a code is made. */
export interface ErrorShape {
  readonly code: string;
  /** Docstring of the class, first paragraph. */
  readonly cause: string | undefined;
  /** Message with `<names>` for what differs. */
  readonly message: string;
  readonly hint: string | undefined;
  readonly file: string;
}

/** Every error of the packages, by code and then by file. Errors whose texts are put together elsewhere have their code and cause alone. */
export function readErrorShapes(root: string): readonly ErrorShape[] {
  const packages = path.join(root, 'packages');
  const files = readdirSync(packages, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => /^[^/]+\/src\/.*\.ts$/.test(file) && !/\.test\.ts$|__fixtures__|\/testing\//.test(file));
  const found = files.sort().flatMap((file) => {
    const text = readFileSync(path.join(packages, file), 'utf8');
    return text.includes("'ERR_") ? shapesOf(text, `packages/${file}`) : [];
  });
  return found.sort((a, b) => (a.code === b.code ? 0 : a.code < b.code ? -1 : 1));
}

function shapesOf(text: string, file: string): readonly ErrorShape[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const shapes: ErrorShape[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const property = (name: string): ts.Expression | undefined =>
        node.properties.find((one): one is ts.PropertyAssignment => ts.isPropertyAssignment(one) && one.name.getText(source) === name)
          ?.initializer;
      const [code, message, hint] = [property('code'), property('message'), property('hint')];
      if (code !== undefined && ts.isStringLiteral(code) && code.text.startsWith('ERR_') && message !== undefined) {
        shapes.push({ code: code.text, cause: causeOf(node), message: wordsOf(message), hint: hint && wordsOf(hint), file });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return shapes;
}

/** The docstring of the class that the error is made in. */
function causeOf(node: ts.Node): string | undefined {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    if (!ts.isClassDeclaration(at)) continue;
    const comment = ts.getJSDocCommentsAndTags(at).find(ts.isJSDoc)?.comment;
    return ts.getTextOfJSDocComment(comment)?.split('\n\n')[0]?.replaceAll(/\s+/g, ' ');
  }
  return undefined;
}

/** A text as people meet it: what is put in stands between angle brackets. */
function wordsOf(expression: ts.Expression): string {
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (ts.isTemplateExpression(expression)) {
    return expression.head.text + expression.templateSpans.map((span) => `<${nameOf(span.expression)}>${span.literal.text}`).join('');
  }
  if (ts.isConditionalExpression(expression)) return `${wordsOf(expression.whenTrue)} / ${wordsOf(expression.whenFalse)}`;
  if (ts.isBinaryExpression(expression))
    return `${wordsOf(expression.left)}${expression.operatorToken.kind === ts.SyntaxKind.PlusToken ? '' : ' / '}${wordsOf(expression.right)}`;
  return `<${nameOf(expression)}>`;
}

/** The last name in an expression. */
function nameOf(expression: ts.Expression): string {
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isCallExpression(expression)) {
    const [first] = expression.arguments;
    if (ts.isPropertyAccessExpression(expression.expression) && /^(join|map|toFixed|slice|filter)$/.test(expression.expression.name.text)) {
      return nameOf(expression.expression.expression);
    }
    return first === undefined ? nameOf(expression.expression) : nameOf(first);
  }
  return '…';
}
