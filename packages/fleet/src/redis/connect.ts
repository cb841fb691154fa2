import { Redis } from 'ioredis';
import { NotRedisError, QueueAuthError, QueueConnectionError, QueueRefusalError } from '../errors.ts';
import { parseQueueUrl, type QueueAddress } from './queue-url.ts';

/** A connection to the server of a queue. It comes back by itself when the server does, and commands wait for that. */
export interface QueueConnection {
  readonly redis: Redis;
  /** The address without its password. */
  readonly shown: string;
  /** What a user should know of the server, as full sentences. */
  readonly notes: readonly string[];
  /** A second connection, for a command that waits. */
  duplicate(): Redis;
  close(): void;
}

/** How long the server may take to answer at first. */
const ANSWER_MS = 10_000;
const LONGEST_RETRY_MS = 2000;
const OLDEST = [6, 2] as const;

/**
 * Connect, and make sure that it is a Redis or Valkey that can hold a queue.
 *
 * @throws {@link QueueUrlError}, {@link QueueConnectionError}, {@link QueueAuthError}, {@link NotRedisError}
 */
export async function connectQueue(url: string): Promise<QueueConnection> {
  const address = parseQueueUrl(url);
  const state = { wasReady: false };
  const open: Redis[] = [];
  const create = (): Redis => {
    const redis = createClient(address, state);
    open.push(redis);
    return redis;
  };
  const close = (): void => {
    for (const redis of open) redis.disconnect();
  };
  try {
    const redis = create();
    await firstAnswer(redis, address);
    state.wasReady = true;
    const notes = await inspectServer(redis, address);
    return { redis, shown: address.shown, notes, duplicate: create, close };
  } catch (error) {
    close();
    throw error;
  }
}

function createClient({ host, port, db, username, password, tls }: QueueAddress, state: { wasReady: boolean }): Redis {
  const redis = new Redis({
    host,
    port,
    db,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: {} }),
    lazyConnect: true,
    connectTimeout: ANSWER_MS,
    // A command waits for the server to come back, however long that takes.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (state.wasReady ? Math.min(100 * times, LONGEST_RETRY_MS) : null),
  });
  // It connects again by itself; the first time, the rejected promise says what is wrong.
  redis.on('error', () => undefined);
  return redis;
}

async function firstAnswer(redis: Redis, { shown }: QueueAddress): Promise<void> {
  let heard: Error | undefined;
  let isThere = false;
  redis.once('connect', () => {
    isThere = true;
  });
  redis.on('error', (error: Error) => {
    heard ??= error;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new NotRedisError({ queue: shown, problem: `it did not answer within ${ANSWER_MS / 1000} s` })),
      ANSWER_MS,
    );
  });
  try {
    await Promise.race([redis.connect().then(() => redis.ping()), late]);
  } catch (error) {
    if (error instanceof NotRedisError) throw heard === undefined ? error : explain(heard, shown, isThere);
    throw explain(heard ?? (error as Error), shown, isThere);
  } finally {
    clearTimeout(timer);
  }
}

/** What the server answers to a command that it does not carry out, as an error for a user; anything else as it is. */
export function explainRefusal(error: unknown, queue: string): unknown {
  const message = error instanceof Error ? error.message : '';
  // A command of several steps, or a script of BullMQ's, says whose words they are.
  const [, answer] = /(?:^|[\s:])((?:OOM|MISCONF|READONLY|NOPERM|NOREPLICAS|MASTERDOWN) .*)/s.exec(message) ?? [];
  if (answer === undefined) return error;
  return new QueueRefusalError({ queue, answer: answer.replace(/\s+/g, ' ').replace(/\.?$/, '.').slice(0, 300) }, { cause: error });
}

/** @param isThere - somebody has taken the connection */
function explain(error: Error & { readonly code?: string }, queue: string, isThere: boolean): Error {
  const { message, code } = error;
  if (/^(WRONGPASS|NOAUTH|NOPERM|ERR invalid password|ERR AUTH)|without any password/.test(message)) {
    return new QueueAuthError({ queue, answer: `${message.replace(/\.?$/, '.')}` }, { cause: error });
  }
  if (isThere || /Protocol error|wrong version number|EPROTO|SSL|ssl3/.test(`${message} ${code}`)) {
    return new NotRedisError({ queue, problem: message.replace(/\s+/g, ' ').replace(/\.$/, '') }, { cause: error });
  }
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: 'there is no host of that name',
    EAI_AGAIN: 'the name of the host cannot be looked up',
    ETIMEDOUT: 'the host does not answer',
    EHOSTUNREACH: 'no way leads to the host',
    ECONNRESET: 'the connection was cut',
  };
  return new QueueConnectionError({ queue, reason: reasons[code ?? ''] ?? message.replace(/\.$/, '') }, { cause: error });
}

/** What of the server endangers a build, as sentences. */
async function inspectServer(redis: Redis, { shown }: QueueAddress): Promise<readonly string[]> {
  const info = parseInfo(await redis.info());
  const [major = 0, minor = 0] = (info.get('redis_version') ?? '').split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new NotRedisError({ queue: shown, problem: `it says that it is version ${info.get('redis_version') ?? 'unknown'}` });
  }
  if (info.get('cluster_enabled') === '1') throw new NotRedisError({ queue: shown, problem: 'it is a cluster' });
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  const evicts = policy !== 'noeviction' ? [`throws data away when its memory is full (maxmemory-policy ${policy})`] : [];
  const forgets =
    info.get('aof_enabled') === '0' && (await savesNothing(redis)) ? ['keeps nothing when it is restarted (no AOF, no snapshots)'] : [];
  const problems = [...evicts, ...forgets];
  if (problems.length === 0) return [];
  return [
    `The queue at ${shown} ${problems.join(', and ')}: kernels in work are then measured again, results that nobody has taken are lost. \`redis-server --appendonly yes --maxmemory-policy noeviction\` does better.`,
  ];
}

/** A server that does not tell is taken at its best: hosted ones keep their data and refuse CONFIG. */
async function savesNothing(redis: Redis): Promise<boolean> {
  try {
    const [, save] = (await redis.config('GET', 'save')) as [string, string];
    return save === '';
  } catch {
    return false; // it does not tell
  }
}

function parseInfo(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon === -1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
}
