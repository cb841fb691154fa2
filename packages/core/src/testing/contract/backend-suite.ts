import type { AnyBackend } from '../../backend/index.ts';
import type { Implement, Op } from '../../graph/index.ts';
import type { Require } from './contract-case.ts';
import type { BackendUnderTest } from './start-runtime.ts';

/** A backend with the options and errors that its contract cases share. */
export interface BackendSuite extends BackendUnderTest {
  readonly backend: AnyBackend;
  readonly require: Require;
  readonly implement: readonly Implement[];
  readonly mayRefuse: readonly Op['op'][];
  readonly tolerance: number;
  readonly seed: number;
}
