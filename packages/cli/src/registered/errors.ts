import { NnmError } from '@nnm/core';
import type { RegisteredKind } from './meta-file.ts';

/** A registered kernel or backend, or one to be registered, cannot be put together from its modules; lists every reason. */
export class RegistrationError extends NnmError {
  constructor(
    details: { kind: RegisteredKind; name: string; metaFile: string; problems: readonly string[]; registered: boolean },
    options?: ErrorOptions,
  ) {
    const { kind, name, metaFile, problems, registered } = details;
    super(
      {
        code: 'ERR_REGISTRATION',
        message: `The ${kind} "${name}" of ${metaFile} cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
        hint: registered
          ? `Correct its modules, or run \`nnm unregister --${kind} ${name}\`.`
          : 'Correct the meta file or the modules it names and run the command again. Nothing was registered.',
        details,
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
