import { configKey, type KernelConfig } from '../kernel/index.ts';

/** Draws in a row that may fail before the walk over the whole space takes over. */
const PATIENCE = 256;
/** Points of the walk that may be refused in a row before it is given up: only limits that almost nothing meets get there. */
const MAX_REFUSED = 4_000_000;

/** Where {@link collectDistinct} takes configurations from. */
export interface ConfigSource<C extends KernelConfig> {
  /** One random draw, or undefined when this one came to nothing. */
  readonly draw: () => C | undefined;
  /** Every configuration there is, each once; asked only when draws keep failing. */
  readonly walk: () => Iterable<C>;
  /** False for configurations that must not be returned. */
  readonly accepts: (config: C) => boolean;
}

/**
 * Collect `count` distinct configurations: draws while they bring new ones, then a walk over everything that is left, so
 * that exactly `count` come back whenever so many exist.
 *
 * @param taken - keys of configurations that must not be returned; those collected are added
 */
export function collectDistinct<C extends KernelConfig>(count: number, source: ConfigSource<C>, taken: Set<string>): C[] {
  const collected: C[] = [];
  const take = (config: C | undefined): boolean => {
    if (config === undefined) return false;
    const key = configKey(config);
    if (taken.has(key) || !source.accepts(config)) return false;
    taken.add(key);
    collected.push(config);
    return true;
  };
  for (let failed = 0; collected.length < count && failed < PATIENCE; ) failed = take(source.draw()) ? 0 : failed + 1;
  if (collected.length >= count) return collected;
  let refused = 0;
  for (const config of source.walk()) {
    refused = take(config) ? 0 : refused + 1;
    if (collected.length >= count || refused > MAX_REFUSED) break;
  }
  return collected;
}
