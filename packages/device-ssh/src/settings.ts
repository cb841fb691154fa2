import { InvalidSettingsError } from '@nnm/core';
import { z } from 'zod';

/** How a board is reached and used. */
export interface SshSettings {
  /** As `DEVICE` says it: `ssh://pi@board`. */
  readonly address: string;
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  /** Absolute path of another configuration of the ssh client; absent for the user's own. */
  readonly config?: string;
  /** Node.js on the board: a name or a path there. */
  readonly node: string;
  /** Folder on the board where packages are installed by hand; absent for an agent that nnm brings. */
  readonly agent?: string;
  /** Folder on the board where nnm keeps what it brings. */
  readonly folder: string;
  /** How long to wait for a board that went away in the middle, milliseconds. */
  readonly waitMs: number;
}

const onBoard = z.string().regex(/^(\/|~\/)[^\n]*$/);

const schema = z.strictObject({
  SSH_CONFIG: z.string().min(1).optional(),
  SSH_NODE: z
    .string()
    .regex(/^((\/|~\/)[^\n]*|[\w.-]+)$/)
    .default('node'),
  SSH_AGENT: onBoard.optional(),
  SSH_FOLDER: onBoard.default('~/.cache/nnm'),
  SSH_WAIT_S: z.number().min(0).max(86_400).default(120),
});

const EXPECTED: Readonly<Record<string, string>> = {
  SSH_CONFIG: 'the path of a configuration of ssh on this machine',
  SSH_NODE: 'the name of a program on the board, or a path there that begins with / or ~/',
  SSH_AGENT: 'a folder on the board that begins with / or ~/',
  SSH_FOLDER: 'a folder on the board that begins with / or ~/',
  SSH_WAIT_S: 'a number of seconds from 0 to 86400',
};

/** The keys of `configs/backend_config.yaml` that belong to a board. */
export const SSH_KEYS: readonly string[] = Object.keys(schema.shape);

/** What stands behind `ssh://`, in words. */
export const SSH_ADDRESS = '[user@]board[:port]';

// Nothing that the client would take for an option, or a shell for more than a word.
const ADDRESS = /^(?:([A-Za-z0-9_.][\w.-]*)@)?([A-Za-z0-9_][\w.-]*|\[[0-9A-Fa-f:.]+(?:%[\w.-]+)?\])(?::(\d{1,5}))?\/?$/;

/**
 * Check the keys and the address of a board.
 *
 * @param address - what stands behind `ssh://`
 * @throws {@link InvalidSettingsError} listing every wrong key
 */
export function parseSshSettings(raw: Readonly<Record<string, unknown>>, address: string | undefined): SshSettings {
  const parsed = schema.safeParse(raw);
  const place = ADDRESS.exec(address ?? '');
  const port = place?.[3] === undefined ? undefined : Number(place[3]);
  const problems = [
    ...(place !== null && (port === undefined || (port >= 1 && port <= 65_535)) ? [] : [{ key: 'DEVICE', message: wrongAddress(address) }]),
    ...(parsed.success
      ? []
      : parsed.error.issues.map(({ path, message }) => {
          const key = path.join('.');
          return { key, message: EXPECTED[key] === undefined ? message : `must be ${EXPECTED[key]}` };
        })),
  ];
  if (!parsed.success || place === null || problems.length > 0) throw new InvalidSettingsError({ backend: 'the device ssh', problems });
  const [, user, host] = place;
  const { SSH_CONFIG: config, SSH_NODE: node, SSH_AGENT: agent, SSH_FOLDER: folder, SSH_WAIT_S: waitS } = parsed.data;
  return {
    address: `ssh://${address!.replace(/\/$/, '')}`,
    host: host!.replace(/^\[|\]$/g, ''),
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port }),
    ...(config !== undefined && { config }),
    node,
    ...(agent !== undefined && { agent }),
    folder,
    waitMs: 1000 * waitS,
  };
}

function wrongAddress(address: string | undefined): string {
  if (address === undefined) return `names no board: write \`DEVICE: ssh://${SSH_ADDRESS}\``;
  return `is "ssh://${address}", which is not \`ssh://${SSH_ADDRESS}\`; a password or a folder has no place in it`;
}
