import type { AnyBackend } from '@nnm/core';
import type { Phone } from '../phone/phone.ts';
import type { AdbSettings } from '../settings.ts';
import type { BenchmarkTool } from './benchmark-tool.ts';

/** What a host measures with. */
export interface AdbPlace {
  readonly phone: Phone;
  readonly tool: BenchmarkTool;
  readonly settings: AdbSettings;
  readonly backend: AnyBackend;
  /** Heard when the phone says something new of its heat. */
  readonly onThermal: (values: Readonly<Record<string, string>>) => void;
}
