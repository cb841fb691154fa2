// `npm run bench` lists the benchmarks; `npm run bench -- <name> [options]` runs one; with --help it says what its options are.
import { parseArgs } from 'node:util';
import type { Bench } from './bench.ts';
import { benches } from './benches.ts';
import { formatCells } from './report.ts';

class UsageError extends Error {}

const [name, ...rest] = process.argv.slice(2);
try {
  if (name === undefined) console.log(await describeAll());
  else await runOne(name, rest);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`Error: ${error.message}`);
  process.exitCode = 2;
}

async function describeAll(): Promise<string> {
  const rows = await Promise.all(Object.entries(benches).map(async ([name, load]) => [name, (await load()).default.question]));
  return `${formatCells([['benchmark', 'question'], ...rows], 'left')}\n\nRun one: npm run bench -- <benchmark> [options]; --help lists its options.`;
}

async function runOne(name: string, argv: readonly string[]): Promise<void> {
  const load = benches[name];
  if (load === undefined) throw new UsageError(`There is no benchmark "${name}". Known: ${Object.keys(benches).join(', ')}.`);
  const { default: bench } = await load();
  if (argv.includes('--help')) {
    console.log(describe(name, bench));
    return;
  }
  const { args, files } = parse(name, bench, argv);
  const figures = await bench.run(args, files);
  console.log(JSON.stringify({ bench: name, ...figures }));
}

function describe(name: string, { question, options, files }: Bench): string {
  const rows = Object.entries(options).map(([option, { help, default: value = '' }]) => [`  --${option}`, value, help]);
  return `${question}\n\nnpm run bench -- ${name} [options]${files === undefined ? '' : ` ${files}`}\n\n${formatCells([['option', 'default', ''], ...rows], 'left')}`;
}

function parse(name: string, { options, files }: Bench, argv: readonly string[]) {
  const wanted = Object.entries(options).map(([option, { default: value = '' }]) => [option, { type: 'string', default: value }] as const);
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: Object.fromEntries(wanted),
      allowPositionals: files !== undefined,
    });
    return { args: values as Record<string, string>, files: positionals };
  } catch (error) {
    throw new UsageError(`${(error as Error).message} See npm run bench -- ${name} --help.`);
  }
}
