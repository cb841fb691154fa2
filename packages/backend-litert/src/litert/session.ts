import type { InputValues } from '@nnm/native-kit/tensors';
import type { Environment } from './litert-api.ts';
import type { LiteRtModule } from './wasm-module.ts';

/** A started LiteRT, and what every model that it loads needs. */
export interface Session {
  readonly backend: string;
  readonly module: LiteRtModule;
  readonly environment: Environment;
  readonly threads: number;
  /** `INPUTS` of the settings. */
  readonly values: InputValues | undefined;
}

/** Where in its sources LiteRT failed, which it writes before each of its reasons. */
const PLACES = /(└ )?(ERROR:\s*)?\[[^\]\s]*:\d+\]\s*/g;

/** LiteRT's own words on a failure: what it wrote, or else what it threw. */
export function reasonOf({ messages }: LiteRtModule, cause: unknown): string {
  const thrown = (cause instanceof Error ? cause.message : String(cause)).replace(PLACES, '').trim();
  return (messages.take() || thrown).replace(/[\s.]+$/, '');
}
