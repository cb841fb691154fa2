import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import Create from '../src/commands/create.ts';
import { runCommand } from './run-command.ts';
import { makeTempProject, type TempProject } from './temp-project.ts';

const simulatedPlugin = fileURLToPath(new URL('./simulated-plugin.mjs', import.meta.url));

/** A project whose nnm config names the simulated kernel and backend and nothing else. */
export async function makeSimulatedProject(files: Readonly<Record<string, string | object>> = {}): Promise<TempProject> {
  return makeTempProject({ 'nnm.config.json': { builtins: false, plugins: [simulatedPlugin] }, ...files });
}

/** The same with a small workspace in the folder `ws`. */
export async function makeSimulatedWorkspace(): Promise<TempProject> {
  const project = await makeSimulatedProject();
  const { exitCode, stderr } = await runCommand(Create, ['ws', '--backend', 'simulated', '--samples', '40', '--seed', '5'], project.folder);
  if (exitCode !== 0) throw new Error(`nnm create failed: ${stderr}`);
  await editFile(project.path('ws', 'configs', 'predictorbuild_config.yaml'), (text) => text.replace(/ITERATION: \d+/, 'ITERATION: 2'));
  return project;
}

/** Change the text of a file. */
export async function editFile(file: string, change: (text: string) => string): Promise<void> {
  await writeFile(file, change(await readFile(file, 'utf8')));
}
