/** The process has been killed: nothing it does after this reaches anybody. Not an `Error` that anything knows, so nothing may handle it. */
export class Killed extends Error {
  override readonly name = 'Killed';
}
