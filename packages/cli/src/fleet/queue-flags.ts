import { Flags } from '@oclif/core';
import { UsageError } from '../errors.ts';

/** `--queue` of the commands that work with a fleet. */
export const queueFlag = Flags.string({
  description: 'Redis or Valkey whose workers measure: redis://user:password@host:6379, over TLS rediss://. An empty one: measure here.',
  helpValue: '<url>',
  env: 'NNM_QUEUE',
});

/** `--class`, where one of several classes of devices is meant. */
export function classFlag(description = 'Class of devices that is to measure; see `nnm fleet status`. Default: the only one that can.') {
  return Flags.string({ description, helpValue: '<class>' });
}

/** Flags of the commands that can have a fleet measure. */
export const queueFlags = { queue: queueFlag, class: classFlag() };

/** What the flags say of the queue. */
export interface QueueChoice {
  readonly queue?: string | undefined;
  readonly class?: string | undefined;
}

/** True when a queue is named. */
export function usesQueue({ queue }: QueueChoice): boolean {
  return queue !== undefined && queue !== '';
}

/** The queue of a command that cannot do without. @throws {@link UsageError} */
export function requireQueue({ queue }: QueueChoice): string {
  if (queue !== undefined && queue !== '') return queue;
  throw new UsageError({
    message: 'No queue is named.',
    hint: 'Give --queue redis://host:6379, or set NNM_QUEUE, which keeps a password out of the list of processes.',
  });
}

/** @throws {@link UsageError} for flags that only mean this process's own measuring */
export function refuseBesideQueue(choice: QueueChoice, given: Readonly<Record<string, unknown>>): void {
  if (!usesQueue(choice)) {
    if (choice.class !== undefined)
      throw new UsageError({ message: '--class is for measuring through a queue.', hint: 'Give --queue too, or leave it out.' });
    return;
  }
  const names = Object.keys(given).filter((name) => given[name] !== undefined && given[name] !== false);
  if (names.length === 0) return;
  throw new UsageError({
    message: `${names.map((name) => `--${name}`).join(' and ')} ${names.length === 1 ? 'is' : 'are'} for measuring here, and a queue is named.`,
    hint: 'Leave it out, or measure here with an empty --queue "".',
  });
}
