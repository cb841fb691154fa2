import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

// Every link between the documents leads somewhere, to a heading too where it names one.

const root = fileURLToPath(new URL('..', import.meta.url));
const ignored = /(^|[\\/])(node_modules|dist|templates|\.[^\\/]+)([\\/]|$)/;

const below = ['docs', 'packages', 'tools', 'examples'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
);
const documents = [...readdirSync(root), ...below].filter((file) => file.endsWith('.md') && !ignored.test(file));

/** The text without code, in which brackets are no links. */
const proseOf = (file: string): string =>
  readFileSync(file, 'utf8')
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ''));

/** Names of the headings of a document, as links write them. */
function anchorsOf(file: string): readonly string[] {
  const headings = [...proseOf(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading.toLowerCase());
  return headings.map((heading) => heading.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));
}

it.each(documents)('the links of %s lead somewhere', (document) => {
  const broken = [...proseOf(path.join(root, document)).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [target = '', anchor] = link.split('#');
    const file = target === '' ? path.join(root, document) : path.join(root, path.dirname(document), target);
    if (!existsSync(file)) return [link];
    return anchor !== undefined && !anchorsOf(file).includes(anchor) ? [link] : [];
  });
  expect(broken).toEqual([]);
});

it('no guide is an orphan: the index names every one', () => {
  const index = readFileSync(path.join(root, 'docs', 'README.md'), 'utf8');
  const guides = readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md');
  expect(guides.filter((name) => !index.includes(`](${name})`))).toEqual([]);
});

it('every decision has a number of its own, and a status on top', () => {
  const names = readdirSync(path.join(root, 'docs', 'adr'));
  const numbers = names.map((name) => Number(name.slice(0, 4)));
  expect(new Set(numbers).size, names.join(', ')).toBe(names.length);
  for (const [index, name] of names.entries()) {
    const text = readFileSync(path.join(root, 'docs', 'adr', name), 'utf8').replaceAll('\r\n', '\n');
    expect(text).toMatch(new RegExp(`^# ${numbers[index]}\\. .*\\n\\nStatus: (proposed|accepted|rejected|replaced)`));
  }
});

it('the README of the builder has every event', () => {
  const readme = readFileSync(path.join(root, 'packages', 'builder', 'README.md'), 'utf8');
  const [stages = '', profiling = ''] = readme.slice(readme.indexOf('## Events'), readme.indexOf('## Options')).split('| `type` of a');
  const named = (text: string): readonly string[] =>
    [...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, type = '']) => type).filter((type) => type !== 'type');
  const typesOf = (file: string, union: string): readonly string[] => {
    const text =
      readFileSync(path.join(root, 'packages', file), 'utf8')
        .split(`export type ${union} =`)[1]
        ?.split('\n\n')[0] ?? '';
    return [...text.matchAll(/readonly type: '([a-z-]+)'/g)].map(([, type = '']) => type);
  };
  expect(named(stages)).toEqual(typesOf('builder/src/stages/events.ts', 'PipelineEvent'));
  expect([...named(profiling)].sort()).toEqual([...typesOf('profiler/src/types.ts', 'ProfileEvent')].sort());
});
