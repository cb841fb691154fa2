import { InvalidSettingsError, type Problem } from '@nnm/core';

/** The backend's part of a workspace's `configs/backend_config.yaml`. */
export interface TemplateNameSettings {
  readonly THREADS: number;
}

/** What a new workspace gets: every setting with its default. */
export const settingsTemplate = `# Threads that one inference may use, an integer >= 1.
THREADS: 1
`;

/** Check the parsed file, naming everything that is wrong at once. */
export function parseSettings(backend: string, raw: unknown): TemplateNameSettings {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new InvalidSettingsError({ backend, problems: [{ message: 'must be a mapping of settings' }] });
  }
  const { THREADS = 1, ...unknown } = raw as Record<string, unknown>;
  const isCount = typeof THREADS === 'number' && Number.isInteger(THREADS) && THREADS >= 1;
  const problems: readonly Problem[] = [
    ...(isCount ? [] : [{ key: 'THREADS', message: 'must be an integer >= 1' }]),
    ...Object.keys(unknown).map((key) => ({ key, message: 'is not a setting of this backend' })),
  ];
  if (problems.length > 0) throw new InvalidSettingsError({ backend, problems });
  return { THREADS: THREADS as number };
}
