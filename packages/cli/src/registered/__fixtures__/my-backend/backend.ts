import { ReferenceBackend } from '@nnm/core/testing';

export class MyBackend extends ReferenceBackend {
  override readonly id = 'my_backend';
  override readonly description = 'the reference under another name';
}
