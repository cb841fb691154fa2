/** What LiteRT writes to its console. */
export interface MessageLog {
  /** Stands in for `console` where LiteRT runs. */
  readonly console: Pick<Console, 'log' | 'warn' | 'error'>;
  /** The errors since the last call, joined; empty when there were none. */
  take(): string;
}

const MAX_MESSAGES = 32;
/** `ERROR: [file.cc:12] ` */
const PREFIX = /^ERROR:\s*(\[[^\]]*\]\s*)?/;

/** Keep LiteRT's errors for whoever asks, and everything else off the console. */
export function createMessageLog(): MessageLog {
  const messages: string[] = [];
  let goesOn = false;
  const keep = (...parts: unknown[]): void => {
    const text = parts
      .join(' ')
      .trim()
      .replace(/[\s.]+$/, '');
    // What a message is about may follow in lines of their own, behind a colon.
    if (PREFIX.test(text) && messages.length < MAX_MESSAGES) messages.push(text.replace(PREFIX, ''));
    else if (goesOn && messages.length > 0 && text !== '') messages.push(`${messages.pop()} ${text}`);
    else return;
    goesOn = messages.at(-1)!.endsWith(':');
  };
  return { console: { log: keep, warn: keep, error: keep }, take: () => [...new Set(messages.splice(0))].join('; ') };
}
