import { type AnyBackend, BaseBackend, type Implement, NnmError, type Registry, type RuntimeFactory } from '@nnm/core';

/** Stands for the backend of a workspace that nothing provides here, where nothing is measured: using it throws why it is missing. */
export class MissingBackend extends BaseBackend<unknown> {
  readonly description = 'not there';
  readonly implement: readonly [Implement, ...Implement[]] = ['tensorflow', 'torch'];
  readonly modelExtension = '.missing';
  readonly settingsTemplate = '';
  readonly runtime: RuntimeFactory<unknown> = () => this.fail();

  constructor(
    readonly id: string,
    private readonly reason: NnmError,
  ) {
    super();
  }

  parseSettings(): never {
    return this.fail();
  }

  convert(): never {
    return this.fail();
  }

  private fail(): never {
    throw this.reason;
  }
}

/** A backend by its id where nothing will be measured: one that nothing provides here is stood in for, and fails when it is used. */
export function standInBackend(id: string, registry: Registry): AnyBackend {
  try {
    return registry.backend(id);
  } catch (error) {
    if (!NnmError.isInstance(error)) throw error;
    return new MissingBackend(id, error);
  }
}
