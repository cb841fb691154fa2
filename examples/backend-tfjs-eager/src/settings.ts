import { InvalidSettingsError, type Problem } from '@nnm/core';

/** The backend's part of a workspace's `configs/backend_config.yaml`. */
export interface TfjsEagerSettings {
  readonly SIMD: boolean;
}

/** What a new workspace gets. */
export const settingsTemplate = `# Whether WebAssembly's vector instructions are used; a browser without them is simulated by FALSE.
SIMD: TRUE
`;

/** Check the parsed file, naming everything that is wrong at once. */
export function parseSettings(backend: string, raw: unknown): TfjsEagerSettings {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new InvalidSettingsError({ backend, problems: [{ message: 'must be a mapping of settings' }] });
  }
  const { SIMD = true, ...unknown } = raw as Record<string, unknown>;
  const problems: readonly Problem[] = [
    ...(typeof SIMD === 'boolean' ? [] : [{ key: 'SIMD', message: 'must be TRUE or FALSE' }]),
    ...Object.keys(unknown).map((key) => ({ key, message: 'is not a setting of this backend' })),
  ];
  if (problems.length > 0) throw new InvalidSettingsError({ backend, problems });
  return { SIMD: SIMD as boolean };
}
