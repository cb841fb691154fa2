import { execFile } from 'node:child_process';
import { type AnyBackend, type DeviceFinding, type DeviceKind, DeviceUnavailableError, NnmError } from '@nnm/core';
import { AgentLink } from './connection/agent-link.ts';
import { explainEnd, unavailable } from './connection/explain-end.ts';
import { agentCommand } from './install/board-command.ts';
import { BoardSession } from './install/install-agent.ts';
import { prepareAgent } from './install/prepare-agent.ts';
import { parseSshSettings, SSH_ADDRESS, SSH_KEYS, type SshSettings } from './settings.ts';
import { SshDevice } from './ssh-device.ts';

/** `DEVICE: ssh://pi@board`. */
export const sshDeviceKind: DeviceKind<SshSettings> = {
  id: 'ssh',
  description: 'A board or another machine that ssh reaches, with Node.js on it.',
  keys: SSH_KEYS,
  address: SSH_ADDRESS,
  parseSettings: parseSshSettings,
  refuse({ id, runtime, browser }: AnyBackend) {
    if (browser?.only) return `${id} runs in a browser only.`;
    return runtime instanceof URL ? undefined : `${id} runs inside nnm.`;
  },
  look: () => clientVersion(),
  open: (settings, backend) => new SshDevice(settings, backend),
  check: checkBoard,
  remove: cleanBoard,
};

/** The version of the ssh client. @throws {@link DeviceUnavailableError} when there is none */
function clientVersion(): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('ssh', ['-V'], (error, _, stderr) => {
      if (error === null) return resolve(stderr.trim().split(',')[0]!);
      const end = { exitCode: null, said: stderr, wasReady: false, notStarted: String((error as NodeJS.ErrnoException).code) };
      const { reason, hint } = explainEnd(end, { host: 'board' } as SshSettings);
      return reject(new DeviceUnavailableError({ device: 'ssh', reason, hint }, { cause: error }));
    });
  });
}

async function* checkBoard(settings: SshSettings): AsyncGenerator<DeviceFinding> {
  const failed = (what: string, error: unknown): DeviceFinding => {
    if (!NnmError.isInstance(error)) throw error;
    return { what, status: 'failed', text: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
  };
  let opened: Awaited<ReturnType<typeof BoardSession.open>>;
  try {
    yield { what: 'ssh', status: 'ok', text: await clientVersion() };
    opened = await BoardSession.open(settings);
  } catch (error) {
    yield failed('connection', error);
    return;
  }
  const { session, about } = opened;
  yield { what: 'connection', status: 'ok', text: `${settings.address} answers` };
  yield { what: 'Node', status: 'ok', text: `v${about.node} on ${about.platform} ${about.arch}` };
  let agent: string;
  try {
    let isNew = false;
    ({ agent } = await prepareAgent(session, about, settings, undefined, () => {
      isNew = true;
    }));
    yield { what: 'agent', status: 'ok', text: `${isNew ? 'copied there' : 'in place'}: ${agent}` };
  } catch (error) {
    yield failed('agent', error);
    return;
  } finally {
    session.close();
  }
  const link = new AgentLink(settings, (token) => agentCommand(settings.node, agent, token), {
    message: () => undefined,
    end: () => undefined,
  });
  const facts = await link.hello;
  if (facts === undefined) {
    yield failed('agent', unavailable(explainEnd(await link.closed, settings), settings));
    return;
  }
  const memory = facts.memoryBytes === undefined ? '' : `, ${(facts.memoryBytes / 2 ** 30).toFixed(1)} GiB`;
  yield { what: 'board', status: 'ok', text: `${facts.name}: ${facts.cpu}, ${facts.cores} logical cores${memory}` };
  const { device: _, temperature: __, ...details } = facts.details;
  for (const [what, text] of Object.entries(details)) yield { what, status: 'ok', text };
  yield* await link.check();
  link.kill();
  await link.ended;
}

async function cleanBoard(settings: SshSettings): Promise<string> {
  const { session } = await BoardSession.open(settings);
  try {
    const { removed, sizeBytes } = await session.ask<{ removed: string | null; sizeBytes: number }>({
      do: 'remove',
      root: settings.folder,
    });
    if (removed === null) return `Nothing of nnm is in ${settings.folder} of ${settings.address}.`;
    return `Deleted ${removed} of ${settings.address}, ${(sizeBytes / 1e6).toFixed(1)} MB.`;
  } finally {
    session.close();
  }
}
