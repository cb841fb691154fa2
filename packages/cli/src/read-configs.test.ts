import { expect, test } from 'vitest';
import { makeTempProject } from '../test/temp-project.ts';
import { toyKernel } from '../test/toy-kernel.ts';
import { configOfTexts, openConfigs, parseConfigText, readConfigs } from './read-configs.ts';

const kernel = await toyKernel();

async function read(name: string, content: string | Buffer) {
  await using project = await makeTempProject({ [name]: content as string });
  return readConfigs(project.path(name), kernel).catch((error: { details: { problems: { message: string }[] } }) =>
    error.details.problems.map(({ message }) => message),
  );
}

/** Each row as its configuration, or what is wrong with it. */
async function rowsOf(name: string, content: string) {
  await using project = await makeTempProject({ [name]: content });
  const rows: unknown[] = [];
  for await (const row of (await openConfigs(project.path(name), kernel)).rows) {
    rows.push(
      row.problems.length === 0 ? { ...row.config, ...row.own } : row.problems.map(({ line, message }) => `${line}: ${message}`).join(),
    );
  }
  return rows;
}

const GOOD = [
  { HW: 28, CIN: 64 },
  { HW: 14, CIN: 128 },
];

test.each([
  ['commas', 'HW,CIN\n28,64\n14,128\n'],
  ['semicolons, as spreadsheets of half the world write', 'HW;CIN\n28;64\n14;128\n'],
  ['tabs', 'HW\tCIN\n28\t64\n14\t128\n'],
  ['bars and spaces', 'HW | CIN\n28 | 64\n14 | 128'],
  ['a byte order mark', '\uFEFFHW,CIN\n28,64\n14,128\n'],
  ['a line that names the separator', 'sep=;\nHW;CIN\n28;64\n14;128\n'],
  ['line ends of Windows', 'HW,CIN\r\n28,64\r\n14,128\r\n'],
  ['line ends of old', 'HW,CIN\r28,64\r14,128\r'],
  ['a header in lower case', 'hw,cin\n28,64\n14,128\n'],
  ['a header in words', ' Hw , C in\n28,64\n14,128\n'],
  ['quotes everywhere', '"HW","CIN"\n"28","64"\n"14","128"\n'],
  ['empty lines and empty cells at the end', '\nHW,CIN\n28,64,,\n\n14,128\n\n'],
  ['columns in another order', 'note,CIN,HW\n,64,28\n,128,14\n'],
])('a CSV file with %s', async (_, content) => {
  expect(await read('configs.csv', content)).toEqual(GOOD);
});

test.each([
  ['UTF-16', Buffer.from('\uFEFFHW\tCIN\n28\t64\n14\t128\n', 'utf16le')],
  ['UTF-16 the other way round', Buffer.from('\uFEFFHW,CIN\n28,64\n14,128\n', 'utf16le').swap16()],
])('a table in %s', async (_, content) => {
  expect(await read('configs.tsv', content)).toEqual(GOOD);
});

test.each([
  ['configs.json', '\uFEFF[{ "HW": 28, "CIN": 64 }, { "HW": 14, "CIN": 128 }]'],
  ['configs.jsonl', '\uFEFF{ "HW": 28, "CIN": 64 }\r\n{ "HW": 14, "CIN": 128 }'],
  ['configs.ndjson', '{ "config": { "HW": 28, "CIN": 64 }, "note": 1 }\n{ "HW": 14, "CIN": 128 }'],
])('%s', async (name, content) => {
  expect(await read(name, content)).toEqual(GOOD);
});

test.each([
  ['no key at all', 'a,b\n1,2\n1,2\n', ['no column is one of HW, CIN; the first line is "a, b"']],
  ['no header', '28,64\n14,128\n', ['no column is one of HW, CIN; the first line is "28, 64"']],
  ['a missing column', 'HW,note\n28,\n14,\n', ['the column CIN is missing']],
  ['a misspelt column', 'HW,note,C_INN\n28,,64\n', ['the column CIN is missing; C_INN is no key of this kernel']],
  ['a column twice', 'HW,CIN,hw\n28,64,3\n', ['more than one column is HW: HW (column 1), hw (column 3)']],
])('a CSV file with %s is refused once, not for each row', async (_, content, problems) => {
  expect(await read('configs.csv', content)).toEqual(problems);
});

test('what is wrong with a row of a CSV file stays with the row', async () => {
  const content = [
    'HW,CIN,note',
    '28,64,5" disk',
    '28,64,"never closed',
    '28,64,"a ""quoted"" word"',
    '28,64,"two',
    'lines"',
    '28',
    '28,64,a,b',
    '28,,x',
    '0x1C,64,x',
    '28,"64"x,x',
    '14,128,last',
  ].join('\n');
  expect(await rowsOf('configs.csv', content)).toEqual([
    { HW: 28, CIN: 64, note: '5" disk' },
    expect.stringMatching(/^3: it has a quoted cell that is never closed/),
    { HW: 28, CIN: 64, note: 'a "quoted" word' },
    { HW: 28, CIN: 64, note: 'two\nlines' },
    '7: it has 1 cell, the first line 3',
    '8: it has 4 cells, the first line 3; beyond its last column: "b"',
    '9: CIN is missing',
    '10: HW must be a number, got "0x1C"',
    expect.stringMatching(/^11: it has a quoted cell that .* goes on behind its quote$/),
    { HW: 14, CIN: 128, note: 'last' },
  ]);
});

test('what is wrong with a line of a JSON Lines file stays with the line', async () => {
  const lines = [
    '{ "HW": 28, "CIN": 64 }',
    '{ "HW": 28,',
    '{ "HW": 28, "CIN": 64, "HW": 14 }',
    `{ "HW": ${'['.repeat(5000)}1${']'.repeat(5000)}, "CIN": 1 }`,
    '7',
  ];
  expect(await rowsOf('configs.jsonl', lines.join('\n'))).toEqual([
    { HW: 28, CIN: 64 },
    expect.stringContaining('2: is not a configuration'),
    '3: HW is there twice',
    '4: HW must be a number, got a list',
    expect.stringContaining('5: is not a configuration'),
  ]);
});

test.each([
  ['csv', 'hw,CIN,note,u\n28,64,a,1\n'],
  ['jsonl', '{ "hw": 28, "CIN": 64, "note": "a", "u": "1" }\n'],
  ['json', '[{ "hw": 28, "CIN": 64, "note": "a", "u": "1" }]'],
  ['jsonl', '{ "note": "a", "config": { "HW": 28, "CIN": 64, "u": "1" } }'],
])("what is no key of the kernel is the user's own, in %s as in all: %s", async (ending, content) => {
  const row = { HW: 28, CIN: 64, note: 'a', u: '1' };
  expect(await rowsOf(`configs.${ending}`, content)).toEqual([row]);
  // A name that promises nothing: the content shows what it is
  expect(await rowsOf('configs', content)).toEqual([row]);
});

test.each([
  ['jsonl', '{ "HW": 28, "CINN": 64 }', '1: CIN is missing; CINN is no key of this kernel'],
  ['jsonl', '{ "HW": 28, "hw": 14, "CIN": 64 }', '1: more than one key is HW: HW, hw'],
  ['json', '{\n "HW": 28, "CINN": 64 }', 'undefined: CIN is missing; CINN is no key of this kernel'],
])('a misspelt key of the kernel is named in %s: %s', async (ending, content, problem) => {
  for (const name of [`configs.${ending}`, 'configs']) expect(await rowsOf(name, content)).toEqual([problem]);
});

test('a workspace config file of one line is one, whatever its name is', async () => {
  const content = JSON.stringify({ toy: { AAAAAA: { config: { HW: 28, CIN: 64 }, latency: '1 +- 0' } } });
  for (const name of ['configs.json', 'configs']) expect(await rowsOf(name, content)).toEqual([{ HW: 28, CIN: 64 }]);
});

test('a command line is read as files are: keys however they are written, and what is no key is left aside', () => {
  const read = (text: string) => configOfTexts(parseConfigText(text), kernel);
  expect(read('HW=28, c-in=64,note=mine')).toEqual({ HW: 28, CIN: 64 });
  expect(() => read('HW=28,CINN=64,x=1')).toThrow('CIN is missing; CINN is no key of this kernel');
  expect(() => read('CIN=64,id=1')).toThrow(/HW is missing\.$/);
  expect(() => read('HW=28,hw=28,CIN=64')).toThrow('more than one key is HW: HW, hw');
  expect(() => read('HW=abc,CIN=64')).toThrow('HW must be a number, got "abc"');
});
