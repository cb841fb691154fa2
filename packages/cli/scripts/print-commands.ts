// Prints every command with its flags as JSON, for the test of the commands in documents.
import { loadConfig } from './command-pages.ts';

const { commands } = await loadConfig();
process.stdout.write(JSON.stringify(commands.map(({ id, flags }) => ({ id, flags }))));
