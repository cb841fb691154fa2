import { fileURLToPath } from 'node:url';
import { type AnyBackend, DeviceUnavailableError } from '@nnm/core';
import { version } from '../../package.json';
import { type PackageFolder, packageOf } from '../pack/package-folder.ts';
import type { BoardSession } from './install-agent.ts';

/** Where an agent and a backend's runtime are on a board: absolute paths there. */
export interface AgentPlace {
  readonly agent: string;
  /** Absent without a backend. */
  readonly runtime?: string;
}

const AGENT_PACKAGE = '@nnm/device-ssh';

/**
 * Find the agent and the backend that somebody has installed in a folder of the board.
 *
 * @throws {@link DeviceUnavailableError} when one is missing, or of another version than here: models are lowered here and run there
 */
export async function locateAgent(
  session: BoardSession,
  folder: string,
  backend: AnyBackend | undefined,
  device: string,
): Promise<AgentPlace> {
  const own = backend === undefined ? undefined : await packageOf(fileURLToPath(backend.runtime as URL));
  const wanted = [
    { name: AGENT_PACKAGE, version },
    ...(own === undefined ? [] : [{ name: own.manifest.name, version: own.manifest.version }]),
  ];
  const { located } = await session.ask<{ located: readonly ({ readonly folder: string; readonly version: string } | null)[] }>({
    do: 'locate',
    folder,
    packages: wanted.map(({ name }) => name),
  });
  const install = `Run \`npm install --ignore-scripts ${wanted.map(({ name, version }) => `${name}@${version}`).join(' ')}\` in ${folder} on the board, or remove SSH_AGENT: nnm brings what it needs then.`;
  for (const [index, { name, version: here }] of wanted.entries()) {
    const there = located[index]?.version;
    if (there === here) continue;
    const reason =
      there === undefined ? `${name} is not installed in ${folder}, which SSH_AGENT names` : `${name} is ${there} there and ${here} here`;
    throw new DeviceUnavailableError({ device, reason, hint: install });
  }
  const agent = `${located[0]!.folder}/dist/agent.mjs`;
  return own === undefined
    ? { agent }
    : { agent, runtime: `${located[1]!.folder}/${builtModule(own, fileURLToPath(backend!.runtime as URL))}` };
}

/** Where a module is in the package as it is published, which has no sources. */
function builtModule({ folder, manifest }: PackageFolder, module: string): string {
  const path = module.slice(folder.length + 1).replaceAll('\\', '/');
  for (const target of Object.values((manifest.exports ?? {}) as Record<string, unknown>)) {
    const { default: built, '@nnm/source': source } = target as { readonly default?: string; readonly '@nnm/source'?: string };
    if (source === `./${path}` && built !== undefined) return built.slice(2);
  }
  return path;
}
