import { type LoadedModel, RuntimeFailureError } from '@nnm/core';

/** The models that a runtime has loaded and nobody has closed, so that closing the runtime closes them. */
export class OpenModels {
  private readonly models = new Set<LoadedModel>();
  private isOpen = true;

  /** @param backend - whose runtime it is, for errors */
  constructor(private readonly backend: string) {}

  /** @throws {@link RuntimeFailureError} when the runtime was closed */
  assertOpen(): void {
    if (!this.isOpen) throw new RuntimeFailureError({ backend: this.backend, doing: 'loading a model', reason: 'the runtime was closed' });
  }

  /** The same model, which is remembered until it is closed. */
  keep(loaded: LoadedModel): LoadedModel {
    const model: LoadedModel = {
      ...loaded,
      close: () => {
        this.models.delete(model);
        return loaded.close();
      },
    };
    this.models.add(model);
    return model;
  }

  /** The runtime is being closed: what is still open, to be closed with it. Empty the second time. */
  end(): readonly LoadedModel[] {
    this.isOpen = false;
    const left = [...this.models];
    this.models.clear();
    return left;
  }
}
