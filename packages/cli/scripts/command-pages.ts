import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { CommandHelp, Config, settings } from '@oclif/core';

const packageFolder = new URL('..', import.meta.url);

/** The file that holds the pages. */
export const README = new URL('README.md', packageFolder);

const BEGIN = '<!-- commands: written by `npm run docs:cli`, from the commands themselves -->';
const END = '<!-- end of commands -->';

/** A README with its command pages made anew, from the sources of the commands. */
export async function replaceCommandPages(readme: string): Promise<string> {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md lacks the lines ${BEGIN} and ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${await renderCommandPages()}\n\n${readme.slice(end)}`;
}

/** A section per command, in alphabetical order: its summary, and its own help as text. */
async function renderCommandPages(): Promise<string> {
  const config = await loadConfig();
  const commands = [...config.commands].sort((a, b) => (a.id < b.id ? -1 : 1));
  const pages = commands.map((command) => {
    const id = command.id.replaceAll(':', ' ');
    const help = new CommandHelp({ ...command, id }, config, {
      maxWidth: 110,
      stripAnsi: true,
      hideCommandSummaryInDescription: true,
    }).generate();
    return `### \`nnm ${id}\`\n\n${command.summary ?? ''}\n\n\`\`\`text\n${tidy(help)}\n\`\`\``;
  });
  return pages.join('\n\n');
}

/** The program with the commands of its sources and without oclif's plugins. */
export async function loadConfig(): Promise<Config> {
  settings.enableAutoTranspile = false;
  const { oclif, ...manifest } = JSON.parse(await readFile(new URL('package.json', packageFolder), 'utf8'));
  const pjson = { ...manifest, oclif: { ...oclif, plugins: [], commands: { strategy: 'pattern', target: './commands' } } };
  // The manifest beside package.json describes the last build: with src/ as the root it is not found, and the sources are read.
  const config = new Config({ root: fileURLToPath(new URL('src', packageFolder)), pjson, userPlugins: false });
  await config.load();
  return config;
}

function tidy(help: string): string {
  return help
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}
