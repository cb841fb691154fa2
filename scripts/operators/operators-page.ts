import { fileURLToPath } from 'node:url';
import { litertWasm } from '@nnm/backend-litert';
import { tfjsWasm } from '@nnm/backend-tfjs';
import { tfliteCpu } from '@nnm/backend-tflite';
import { torchCpu } from '@nnm/backend-torch';
import { type OperatorSupport, UNSUPPORTED_OPERATORS } from '@nnm/core';
import { type MethodDocs, type OperatorDocs, type OptionDocs, readOperators, readTypes } from './read-operators.ts';

/** The folder of the kernel graph. */
export const GRAPH = fileURLToPath(new URL('../../packages/core/src/graph', import.meta.url));

const BACKENDS: readonly (readonly [id: string, operators: Readonly<Record<string, OperatorSupport>>])[] = [
  [tfliteCpu.id, tfliteCpu.operators],
  [litertWasm.id, litertWasm.operators ?? {}],
  [torchCpu.id, torchCpu.operators],
  ['tfjs_*', tfjsWasm.operators],
];

const INTRODUCTION = `# Operators

The kernel graph's operators: what blocks are built from and backends lower. Every method is one of \`GraphBuilder\`, takes the names of
values and returns the name of the value it makes. Values are float32 with 1 to 5 axes; images are \`[n, h, w, c]\`. An operand that is
a number stands for a constant. Mistakes, also in plain JavaScript, are named by \`build()\`.

How a backend runs an operator:
- **native**: an optimised kernel of the runtime;
- **delegated**: a kernel of XNNPACK, which TensorFlow Lite and LiteRT use by default;
- **reference kernel**: TensorFlow Lite's or LiteRT's own kernel, because its XNNPACK does not take the operator: slower, and the delegate stops
  before it and starts again after it;
- **composed**: several operators of the runtime;
- **refused**: not at all; \`convert\` says so by name.

A value, a constant and an image with its padding have at most 536,870,911 elements, 2 GiB. Whole numbers are at most 2,147,483,647, others
within float32. A value's name means something to the builder that made it alone.

Tests hold all this to what the runtimes do: for \`tflite_cpu\`, which nodes the library that comes with the backend, 2.9.0, gives to XNNPACK; for
\`litert_wasm\`, whether the XNNPACK of LiteRT.js 2.5 takes a model whole; for \`torch_cpu\`, the nodes of the file and those that ONNX Runtime makes of
them, besides changes of layout (Transpose, Reshape, Reorder); for \`tfjs_*\`, the nodes of the graph model, which its backends run as they stand.

- \`ort_wasm\` runs by the same nodes as \`torch_cpu\`, but for the blocked layout. \`ort_webgpu\` is given the same files; which nodes its GPU makes of them is not known.
- \`litert_webgpu\` is given the same files as \`tflite_cpu\`. Its GPU takes a whole model or refuses it, which only a browser can say.
- All backends of TensorFlow.js run the same graph model. What \`tfjs_webgl\` and \`tfjs_webgpu\` make of a node on a GPU, only a browser can say.

This page is generated from the source by \`npm run make:operators\`.
`;

/** The text of docs/operators.md. */
export function operatorsPage(): string {
  const operators = readOperators(GRAPH);
  const overview = operators.map(({ op, shapes }) => [
    `[\`${op}\`](#${op.toLowerCase()})`,
    shapes,
    ...BACKENDS.map(([, how]) => how[op]?.runs ?? 'refused'),
  ]);
  const sections = operators.map(section);
  const used = operators.flatMap(({ methods }) =>
    methods.flatMap(({ signature, options }) => [signature, ...options.map(({ type }) => type)]),
  );
  const types = readTypes(GRAPH, used.join('\n'));
  return [
    INTRODUCTION,
    table(['operator', 'shapes', ...BACKENDS.map(([id]) => `\`${id}\``)], overview),
    ...sections,
    '## Types\n',
    table(
      ['type', 'is', 'meaning'],
      types.map(({ name, type, description }) => [`\`${name}\``, `\`${type}\``, description]),
    ),
    '## Not supported yet\n',
    table(
      ['operator', 'why'],
      Object.entries(UNSUPPORTED_OPERATORS).map(([op, reason]) => [`\`${op}\``, reason]),
    ),
  ].join('\n');
}

function section({ op, description, shapes, methods }: OperatorDocs): string {
  const runs = BACKENDS.map(([id, how]) => {
    const { runs, note } = how[op] ?? { runs: 'refused' };
    return `- \`${id}\`: ${runs}${note === undefined ? '' : `: ${note}`}`;
  });
  return [
    `## ${op}\n`,
    description,
    '',
    `Shapes: ${shapes}.`,
    '',
    ...methods.map((method) => methodText(method, description)),
    runs.join('\n'),
    '',
  ].join('\n');
}

function methodText({ signature, description, parameters, options }: MethodDocs, about: string): string {
  const rows = [...parameters, ...options].map(({ name, type, description: text }: OptionDocs) => [`\`${name}\``, `\`${type}\``, text]);
  return [
    `\`\`\`text\n${signature}\n\`\`\``,
    ...(description === about ? [] : [description, '']),
    ...(rows.length === 0 ? [] : [table(['argument or option', 'type', 'meaning'], rows)]),
  ].join('\n');
}

/** A Markdown table with an empty line behind it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}
