import { type ErrorShape, readErrorShapes } from './error-codes.ts';

const HEAD = `# Troubleshooting

Every error of nnm has a code, which stands behind its message in brackets and never changes. This page lists them all: what they mean, what they
say (\`<names>\` stand for what differs), and what to do. It is written by \`npm run make:troubleshooting\` from the sources.

\`--verbose\` shows causes and stacks, \`--json\` the error as JSON with its details. What a measurement of one configuration fails with is counted
in the result of a build and kept in its journal; it stops nothing.
`;

/** The text of docs/troubleshooting.md. */
export function troubleshootingPage(root: string): string {
  const byCode = new Map<string, ErrorShape[]>();
  for (const shape of readErrorShapes(root)) byCode.set(shape.code, [...(byCode.get(shape.code) ?? []), shape]);
  const sections = [...byCode].map(([code, shapes]) => {
    const cause = shapes.find((shape) => shape.cause !== undefined)?.cause;
    const said = [...new Set(shapes.map(({ message }) => message))].map((message) => `> ${asMarkdown(message)}`);
    const hints = [...new Set(shapes.flatMap(({ hint }) => hint ?? []))].map((hint) => `- ${asMarkdown(hint)}`);
    return [
      `## ${code}`,
      ...(cause === undefined ? [] : [asMarkdown(cause)]),
      said.join('\n>\n'),
      ...(hints.length > 0 ? [`What to do:\n\n${hints.join('\n')}`] : []),
    ].join('\n\n');
  });
  return `${HEAD}\n${sections.join('\n\n')}\n`;
}

/** Line breaks, angle and square brackets are text, not Markdown; code between backticks is as it is. */
function asMarkdown(text: string): string {
  const parts = text.replaceAll(/\s*\n\s*/g, ' ').split('`');
  const prose = (part: string): string => part.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('[', '\\[');
  return parts.map((part, index) => (index % 2 === 1 ? part : prose(part))).join('`');
}
