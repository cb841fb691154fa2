import type { ReadOptions } from '@nnm/model';
import { UsageError } from '../errors.ts';

/** Flags that say how model files are read. */
interface ReadFlags {
  readonly shape: readonly string[] | undefined;
  readonly signature: string | undefined;
}

/** How model files are read, by the flags for it. @throws {@link UsageError} */
export function readOptions({ shape = [], signature }: ReadFlags): ReadOptions {
  return { shapes: parseShapes(shape), ...(signature !== undefined && { signature }) };
}

/** `--shape input=1x3x640x640`, given any number of times: shapes by the input's name. */
function parseShapes(given: readonly string[]): Readonly<Record<string, readonly number[]>> {
  const shapes = new Map<string, readonly number[]>();
  for (const text of given) {
    const at = text.lastIndexOf('=');
    const name = text.slice(0, at);
    const sizes = text
      .slice(at + 1)
      .split(/[x,]/)
      .map(Number);
    if (at < 1 || !sizes.every((size) => Number.isInteger(size) && size >= 1)) {
      throw new UsageError({
        message: `--shape must be an input's name and its sizes. Got "${text}".`,
        hint: 'Write it as --shape input=1x3x640x640, in the order of axes that the file has.',
      });
    }
    if (shapes.has(name)) throw new UsageError({ message: `--shape gives sizes of "${name}" twice.`, hint: 'Leave one of them out.' });
    shapes.set(name, sizes);
  }
  return Object.fromEntries(shapes);
}

const UNIT_MS: Readonly<Record<string, number>> = { us: 0.001, µs: 0.001, ms: 1, s: 1000 };

/** `--limit 12ms` in milliseconds. @throws {@link UsageError} */
export function parseLimit(text: string): number {
  const [, amount, unit = 'ms'] = /^(\d+(?:\.\d+)?)\s*(us|µs|ms|s)?$/.exec(text.trim()) ?? [];
  const limitMs = Number(amount) * UNIT_MS[unit]!;
  if (limitMs > 0) return limitMs;
  throw new UsageError({ message: `--limit must be a latency. Got "${text}".`, hint: 'Write it with its unit, such as 12ms or 800us.' });
}
