import { NnmError } from '@nnm/core';
import type { RegisteredKind } from './meta-file.ts';
import type { RegisteredEntry } from './registered-store.ts';

/** A kernel or backend cannot be put together from the modules that its meta file names; lists every reason. */
export class RegistrationError extends NnmError {
  constructor(details: { kind: RegisteredKind; name: string; metaFile: string; problems: readonly string[] }, options?: ErrorOptions) {
    const { kind, name, metaFile, problems } = details;
    super(
      {
        code: 'ERR_REGISTRATION',
        message: `The ${kind} "${name}" of ${metaFile} cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
        hint: 'Correct the meta file or the modules it names and run the command again. Nothing was registered.',
        details,
      },
      options,
    );
  }
}

/** A registered kernel or backend does not load any more, such as when its folder has moved. */
export class RegisteredMissingError extends NnmError {
  constructor({ entry, problem }: { entry: RegisteredEntry; problem: string }, options?: ErrorOptions) {
    const { kind, name, metaFile } = entry;
    super(
      {
        code: 'ERR_REGISTRATION',
        message: `The ${kind} "${name}", registered by ${metaFile}, cannot be used: ${problem}`,
        hint: `Put its files back, register it again with --force, or run \`nnm unregister --${kind} ${name}\`.`,
        details: { ...entry, problem },
      },
      options,
    );
  }
}

/** The name is taken: by a plugin, or by something registered before. */
export class NameTakenError extends NnmError {
  constructor(details: { kind: RegisteredKind; name: string; owner: string; metaFile: string; registered: boolean }) {
    const { kind, name, owner, metaFile } = details;
    super({
      code: 'ERR_NAME_TAKEN',
      message: details.registered
        ? `The ${kind} "${name}" is registered already, by ${owner}.`
        : `The ${kind} "${name}" of ${metaFile} cannot be registered: ${owner} provides a ${kind} of this name already.`,
      hint: details.registered ? `Run \`nnm unregister --${kind} ${name}\` first.` : 'Choose another `builtin_name`.',
      details,
    });
  }
}

/** Nothing of this name was registered. */
export class NotRegisteredError extends NnmError {
  constructor(details: { kind: RegisteredKind; name: string; known: readonly string[]; file: string }) {
    const known = details.known.length > 0 ? details.known.join(', ') : 'none';
    super({
      code: 'ERR_NOT_REGISTERED',
      message: `No ${details.kind} "${details.name}" is registered. Registered ${details.kind}s: ${known}.`,
      hint: `Only what \`nnm register\` has added can be unregistered; a plugin is removed by \`nnm plugins remove\`. The list is ${details.file}.`,
      details,
    });
  }
}
