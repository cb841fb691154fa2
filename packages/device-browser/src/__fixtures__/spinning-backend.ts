import { type AnyBackend, BaseBackend } from '@nnm/core';

/** A backend whose models are commands of the spinning runtime; it runs in browsers alone. */
export class SpinningBackend extends BaseBackend<object> {
  readonly id = 'spinning';
  readonly description = 'for tests';
  readonly implement = ['tensorflow'] as const;
  readonly modelExtension = '.txt';
  readonly settingsTemplate = '';
  override readonly browser = {
    module: new URL('./spinning-runtime.ts', import.meta.url),
    folders: { data: new URL('./spinning-data/', import.meta.url) },
  };
  readonly runtime = (): never => {
    throw new Error('This backend runs in a browser alone.');
  };

  override parseSettings(raw: unknown): object {
    return raw as object;
  }

  override convert(): Uint8Array {
    return command('spin 0.05');
  }
}

/** A model of it. */
export const command = (text: string): Uint8Array => new TextEncoder().encode(text);

export const spinning: AnyBackend = new SpinningBackend();
