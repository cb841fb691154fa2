import { type AnyBackend, BaseBackend } from '@nnm/core';

/** A backend whose models are commands of the board's runtime. */
class BoardBackend extends BaseBackend<object> {
  readonly id = 'board_test';
  readonly description = 'for tests';
  readonly implement = ['tensorflow'] as const;
  readonly modelExtension = '.txt';
  readonly settingsTemplate = '';
  readonly runtime = new URL('./board-runtime.ts', import.meta.url);

  override parseSettings(raw: unknown): object {
    return raw as object;
  }

  override convert(): Uint8Array {
    return command('spin 0.05');
  }
}

/** A model of it. */
export const command = (text: string): Uint8Array => new TextEncoder().encode(text);

export const boardBackend: AnyBackend = new BoardBackend();
