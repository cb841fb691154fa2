import { QueueUrlError } from '../errors.ts';

/** Where a Redis or Valkey is, and how to speak to it. */
export interface QueueAddress {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
  /** The address without its password: what may be shown and written down. */
  readonly shown: string;
}

const DEFAULT_PORT = 6379;

/**
 * Read an address such as `redis://user:password@host:6379/0`; `rediss://` is TLS. Characters with a meaning of their own in user and password
 * are written as `%40`.
 *
 * @throws {@link QueueUrlError}, which shows no password
 */
export function parseQueueUrl(text: string): QueueAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // What is no address may still hold a password: it is not shown.
    throw new QueueUrlError({ problem: 'it is not a URL' });
  }
  const tls = url.protocol === 'rediss:';
  if (!tls && url.protocol !== 'redis:') throw new QueueUrlError({ problem: `it begins with "${url.protocol}"` });
  if (url.hostname === '') throw new QueueUrlError({ problem: 'it names no host' });
  const db = url.pathname.replace(/^\//, '');
  if (!/^\d*$/.test(db)) throw new QueueUrlError({ problem: 'what follows the host is not the number of a database' });
  // Such as a timeout or another database: nobody would see that it has no effect.
  if (url.search !== '' || url.hash !== '') throw new QueueUrlError({ problem: 'it has options behind ? or #, and nnm reads none' });
  const username = decode(url.username);
  const password = decode(url.password);
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  const user = username === '' && password === '' ? '' : `${url.username}${password === '' ? '' : ':***'}@`;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    db: Number(db),
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    tls,
    shown: `${url.protocol}//${user}${url.hostname}:${port}${Number(db) === 0 ? '' : `/${db}`}`,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // The error would show what it cannot read.
    throw new QueueUrlError({ problem: 'user or password hold a % that is not followed by two digits' });
  }
}
