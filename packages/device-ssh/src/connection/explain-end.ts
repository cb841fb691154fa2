import { DeviceUnavailableError } from '@nnm/core';
import type { SshSettings } from '../settings.ts';
import type { ChannelEnd } from './ssh-channel.ts';

/** Why a connection did not come about, or broke. */
export interface EndReason {
  /** Completes "The device ... cannot be used: ...". */
  readonly reason: string;
  readonly hint: string;
  /** True when it may work again by itself: the board is switched off, starts again, or its network is down. */
  readonly mayComeBack: boolean;
}

/** The name to give to ssh, ssh-copy-id and the like. */
function nameFor({ host, user, port }: SshSettings): string {
  return `${port === undefined ? '' : `-p ${port} `}${user === undefined ? '' : `${user}@`}${host}`;
}

/** What the end of a connection means, by the words of the client, which speaks English everywhere. */
export function explainEnd(end: ChannelEnd, settings: SshSettings): EndReason {
  const { said, exitCode, notStarted } = end;
  const name = nameFor(settings);
  const forGood = (reason: string, hint: string): EndReason => ({ reason, hint, mayComeBack: false });
  if (notStarted !== undefined) {
    if (notStarted !== 'ENOENT')
      return forGood(`the program ssh does not start (${notStarted})`, 'Run `ssh -V` in a terminal to see more.');
    return forGood('the program ssh is not installed on this machine', INSTALL_SSH[process.platform] ?? INSTALL_SSH.linux!);
  }
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed/i.test(said)) {
    return forGood(
      'its host key is not the one that this machine knows: it was set up anew, or something else answers at its address',
      `If it was set up anew, run \`ssh-keygen -R ${knownName(settings)}\`, then \`ssh ${name}\` once, and compare the key that it shows with the board's.`,
    );
  }
  if (/Host key verification failed|No \S+ host key is known|authenticity of host/i.test(said)) {
    return forGood(
      'its host key is not known here yet',
      `Run \`ssh ${name}\` once in a terminal, compare the key that it shows with the board's, and answer yes.`,
    );
  }
  if (/Permission denied|Too many authentication failures|no more authentication methods/i.test(said) && exitCode === 255) {
    return forGood(
      `it does not let ${settings.user ?? 'you'} in (${lastLine(said)})`,
      `nnm never asks for a password. \`ssh-copy-id ${name}\` gives the board your key; a key with a passphrase has to be in an agent (\`ssh-add\`).`,
    );
  }
  if (/Bad configuration option|Bad owner or permissions|terminating, \d+ bad|Can't open user config/i.test(said)) {
    return forGood(`ssh does not take its configuration (${firstLine(said)})`, 'Correct ~/.ssh/config, or the file that SSH_CONFIG names.');
  }
  if (exitCode === 127 || exitCode === 126 || /not found|No such file or directory|not recognized as/i.test(said)) {
    if (exitCode !== 255) return noNode(settings, said);
  }
  if (exitCode === 255 || exitCode === null) {
    if (/Could not resolve hostname/i.test(said)) {
      return {
        reason: `no network knows its name ${settings.host}`,
        hint: 'Correct the name, or give its address in numbers.',
        mayComeBack: true,
      };
    }
    const hint = `Switch it on and see that \`ssh ${name}\` gets in. Its address may have changed.`;
    const why = lastLine(said);
    return { reason: `it cannot be reached${why === '' ? '' : ` (${why})`}`, hint, mayComeBack: true };
  }
  const last = lastLine(said);
  return forGood(
    `what was started there ended with exit code ${exitCode}${last === '' ? '' : `, saying "${last}"`}`,
    `Run \`ssh ${name} ${settings.node} --version\` to see what its shell does.`,
  );
}

/** The error of a connection that did not come about. */
export function unavailable({ reason, hint }: Pick<EndReason, 'reason' | 'hint'>, settings: SshSettings): DeviceUnavailableError {
  return new DeviceUnavailableError({ device: settings.address, reason, hint });
}

/** Nobody can measure without a Node. */
export function noNode({ node }: SshSettings, said = ''): EndReason {
  const words = lastLine(said);
  return {
    reason: `there is no program ${node} for shells that ssh starts there${words === '' ? '' : ` (${words})`}`,
    hint: 'Install Node.js 20.12 or newer on the board. Where it is installed for interactive shells only, as by nvm, SSH_NODE in configs/backend_config.yaml names its path there: `command -v node` in a terminal of the board shows it.',
    mayComeBack: false,
  };
}

const INSTALL_SSH: Readonly<Record<string, string>> = {
  linux: 'Install the OpenSSH client: `apt-get install openssh-client`, or the like of your distribution.',
  darwin: 'It is part of macOS: see that /usr/bin is in PATH.',
  win32: 'Add "OpenSSH Client" in Settings, System, Optional features.',
};

/** How known_hosts names a board. */
function knownName({ host, port }: SshSettings): string {
  return port === undefined ? host : `"[${host}]:${port}"`;
}

function linesOf(said: string): readonly string[] {
  return said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function lastLine(said: string): string {
  return (linesOf(said).at(-1) ?? '').replace(/\.$/, '').slice(0, 200);
}

function firstLine(said: string): string {
  return (linesOf(said)[0] ?? '').replace(/\.$/, '').slice(0, 200);
}
