import { type AnyBackend, InvalidFileError, InvalidSettingsError, NnmError, type Problem, type Registry } from '@nnm/core';
import { type ConfiguredBackend, configureBackend, type DeviceChoice } from './device-config.ts';
import { MissingBackend } from './missing-backend.ts';
import { unknownName } from './unknown-name.ts';
import { locateProblems, type YamlFile } from './yaml-file.ts';

/**
 * What `configs/backend_config.yaml` says, checked.
 *
 * @param choice - what a command says of the device, instead of the file
 * @param isNeeded - false where nothing will be measured: a backend that nothing provides is then a stand-in that fails when it is used
 * @throws {@link InvalidFileError}
 */
export function parseBackendConfig(yaml: YamlFile, registry: Registry, isNeeded: boolean, choice: DeviceChoice = {}): ConfiguredBackend {
  const fail = (problems: readonly Problem[]): never => {
    throw new InvalidFileError({ file: yaml.file, problems });
  };
  if (typeof yaml.value !== 'object' || yaml.value === null || Array.isArray(yaml.value)) {
    return fail([{ message: 'it must be a list of keys, beginning with BACKEND' }]);
  }
  const { BACKEND: id, ...raw } = yaml.value as Record<string, unknown>;
  if (typeof id !== 'string')
    return fail(locateProblems(yaml, [{ path: ['BACKEND'], message: 'must name a backend, such as tflite_cpu' }]));
  let backend: AnyBackend;
  try {
    backend = findBackend(id, registry, () => {
      const known = registry.backends.map(({ value }) => value.id);
      return fail(locateProblems(yaml, [{ path: ['BACKEND'], message: unknownName('backend', id, known) }]));
    });
  } catch (error) {
    if (isNeeded || !NnmError.isInstance(error)) throw error;
    return { backend: new MissingBackend(id, error), settings: {} };
  }
  try {
    return configureBackend(backend, raw, registry, choice);
  } catch (error) {
    if (error instanceof InvalidSettingsError) {
      const problems = error.problems.map(({ key, message }) => ({ path: key?.split('.') ?? [], message }));
      return fail(locateProblems(yaml, problems));
    }
    if (isNeeded || !NnmError.isInstance(error)) throw error;
    return { backend: new MissingBackend(id, error), settings: {} }; // the package of its device is missing
  }
}

/** A registry may know more of what it lacks than that it is unknown, such as which package brings it. */
function findBackend(id: string, registry: Registry, otherwise: () => never): AnyBackend {
  try {
    return registry.backend(id);
  } catch (error) {
    if (NnmError.isInstance(error) && error.code === 'ERR_UNKNOWN_BACKEND') return otherwise();
    throw error;
  }
}
