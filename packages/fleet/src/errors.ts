import { NnmError } from '@nnm/core';

/** The address of a queue cannot be read. */
export class QueueUrlError extends NnmError {
  constructor(details: { problem: string }) {
    super({
      code: 'ERR_QUEUE_URL',
      message: `The address of the queue is not one of a Redis or Valkey: ${details.problem}.`,
      hint: 'Write redis://host:6379, with user and password redis://user:password@host:6379, over TLS rediss://. In a password @ is written as %40, / as %2F, : as %3A, # as %23, ? as %3F and % as %25.',
      details,
    });
  }
}

/** Nothing answers at the address of a queue. */
export class QueueConnectionError extends NnmError {
  constructor(details: { queue: string; reason: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_QUEUE_CONNECTION',
        message: `The queue at ${details.queue} cannot be reached: ${details.reason}.`,
        hint: 'Start a Redis or Valkey there (`redis-server --appendonly yes`), or correct --queue or NNM_QUEUE. `redis-cli -u <address> ping` tries it alone.',
        details,
      },
      options,
    );
  }
}

/** A queue refuses user and password. */
export class QueueAuthError extends NnmError {
  constructor(details: { queue: string; answer: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_QUEUE_AUTH',
        message: `The queue at ${details.queue} does not let us in: ${details.answer}`,
        hint: 'Give user and password in the address: redis://user:password@host:6379. Keep it in NNM_QUEUE, where other users do not see it.',
        details,
      },
      options,
    );
  }
}

/** What answers at the address of a queue does not speak as Redis does, or is too old. */
export class NotRedisError extends NnmError {
  constructor(details: { queue: string; problem: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_QUEUE_NOT_REDIS',
        message: `What answers at ${details.queue} is no Redis or Valkey that nnm can use: ${details.problem}.`,
        hint: 'Check host and port, and whether it needs TLS (rediss://). Redis 6.2 or newer and every Valkey will do; a cluster will not.',
        details,
      },
      options,
    );
  }
}

/** The server of a queue takes nothing more in, such as for want of memory. */
export class QueueRefusalError extends NnmError {
  constructor(details: { queue: string; answer: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_QUEUE_REFUSAL',
        message: `The queue at ${details.queue} refuses what nnm writes: ${details.answer}`,
        hint: 'Give it more memory or disk, write to the primary and not to a replica, or give the user the right to write. What was measured is kept; the same command carries on.',
        details,
      },
      options,
    );
  }
}

/** Two members of a fleet are of different versions of nnm. */
export class FleetVersionError extends NnmError {
  constructor(details: { who: string; theirs: string; ours: string }) {
    super({
      code: 'ERR_FLEET_VERSION',
      message: `${details.who} of another version: there it is ${details.theirs}, here ${details.ours}.`,
      hint: 'Install the same version of nnm on all of them: what they hand each other, and how they measure, changes between versions.',
      details,
    });
  }
}

/** The class of devices that is asked for is not there, or not the only one. */
export class FleetClassError extends NnmError {
  constructor(details: { message: string; hint: string; classes: readonly string[] }) {
    super({ code: 'ERR_FLEET_CLASS', message: details.message, hint: details.hint, details: { classes: details.classes } });
  }
}

/** The workers were started with other settings of the backend than the build has. */
export class FleetSettingsError extends NnmError {
  constructor(details: { class: string; differences: readonly string[] }) {
    super({
      code: 'ERR_FLEET_SETTINGS',
      message: `The workers of ${details.class} measure with other settings than these: ${details.differences.join('; ')}.`,
      hint: 'Start the workers in a workspace with the same configs/backend_config.yaml, or change it here: a worker measures with its own.',
      details,
    });
  }
}

/** The time budget ended before anybody could be found who measures. */
export class NoWorkerError extends NnmError {
  constructor(details: { reason: string }) {
    super({
      code: 'ERR_FLEET_NO_WORKER',
      message: `The time budget ended before a worker was found. ${details.reason}`,
      hint: 'Run `nnm worker` on a device with the same --queue; `nnm fleet list` shows who is there.',
      details,
    });
  }
}

/** Chunks of work fail again and again, and not because of a kernel. */
export class FleetWorkError extends NnmError {
  constructor(details: { message: string; times: number }) {
    super({
      code: 'ERR_FLEET_WORK',
      message: `The workers could not measure, ${details.times} times in a row. The last one says: ${details.message}`,
      hint: 'What was measured is kept. `nnm connect` on the device tries its runtime alone; when it works again, the same command carries on.',
      details,
    });
  }
}
