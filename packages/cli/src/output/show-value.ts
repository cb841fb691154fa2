import { inspect } from 'node:util';
import { NnmError } from '@nnm/core';

const SHOWN_CHARACTERS = 200;

/** Any value in a few words, for messages about values that nnm did not make: neither its size nor its getters matter. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value));
  try {
    return cut(
      inspect(value, { depth: 1, maxArrayLength: 3, maxStringLength: 60, breakLength: Number.POSITIVE_INFINITY, customInspect: false }),
    );
  } catch (error) {
    return error instanceof RangeError ? 'a value too large to show' : 'a value that cannot be shown';
  }
}

/** False for a thrown value that throws itself when it is looked at, as getters and proxies of others may. */
export function isReadable(thrown: unknown): boolean {
  try {
    if (typeof thrown !== 'object' || thrown === null) return true;
    const { message, name, stack, cause } = thrown instanceof Error ? thrown : {};
    return [message, name, stack, NnmError.isInstance(thrown)].every((part) => typeof part !== 'object') && isReadable(cause);
  } catch {
    return false; // it throws, as asked
  }
}

/** A thrown value in one line: name and message of an error, as far as they can be read. */
export function showThrown(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return typeof thrown === 'string' ? cut(thrown) : showValue(thrown);
    const message = cut(String(thrown.message).split('\n\n', 1)[0]!.trim(), 2000);
    return `${cut(String(thrown.name))}: ${message}`;
  } catch {
    return 'an error that cannot be read'; // its getters throw
  }
}

function cut(text: string, length = SHOWN_CHARACTERS): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
