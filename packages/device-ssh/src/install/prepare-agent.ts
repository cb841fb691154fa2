import type { AnyBackend } from '@nnm/core';
import { readAgentParts } from '../agent-parts.ts';
import { packBackend } from '../pack/pack-backend.ts';
import { packAgent, packFile } from '../pack/packed-file.ts';
import type { SshSettings } from '../settings.ts';
import type { BoardAbout } from './board-command.ts';
import { type BoardSession, installAgent } from './install-agent.ts';
import { type AgentPlace, locateAgent } from './locate-agent.ts';

const MEGABYTE = 1e6;

/**
 * Have an agent on a board: the one that is installed there, or one that is brought, with a backend where there is one.
 *
 * @param tell - hears what takes long
 * @throws {@link DeviceUnavailableError}
 */
export async function prepareAgent(
  session: BoardSession,
  about: BoardAbout,
  settings: SshSettings,
  backend: AnyBackend | undefined,
  tell: (text: string) => void,
): Promise<AgentPlace> {
  const { address, agent, folder } = settings;
  if (agent !== undefined) return locateAgent(session, agent, backend, address);
  const parts = Object.entries(await readAgentParts()).map(([name, text]) => packFile(name, Buffer.from(text)));
  const packed = backend === undefined ? undefined : await packBackend(backend, about, address);
  const place = await installAgent(session, packAgent([...parts, ...(packed?.files ?? [])]), folder, (sizeBytes) => {
    const what = backend === undefined ? 'the agent' : `the agent with ${backend.id}`;
    tell(`Copying ${what} to ${address}: ${(sizeBytes / MEGABYTE).toFixed(1)} MB, for ${about.platform} ${about.arch}.`);
  });
  return { agent: `${place}/agent.mjs`, ...(packed !== undefined && { runtime: `${place}/${packed.runtime}` }) };
}
