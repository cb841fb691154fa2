import { InvalidFileError, NnmError, type Registry } from '@nnm/core';
import { type NamedDevices, namesFor } from '../devices/index.ts';
import { parseBackendConfig } from './backend-config.ts';
import { type BuildConfig, parseBuildConfig } from './build-config.ts';
import type { ConfiguredBackend, DeviceChoice } from './device-config.ts';
import { type EnvironmentVariables, type Override, overrideBackendConfig, overrideBuildConfig } from './environment-overrides.ts';
import { MissingBackend } from './missing-backend.ts';
import type { Workspace } from './workspace.ts';
import { locateProblems, readYamlFile } from './yaml-file.ts';

/** Both configuration files of a workspace, checked. */
export interface WorkspaceConfig extends ConfiguredBackend, BuildConfig {
  /** What environment variables say in place of the files. Absent for nothing. */
  readonly overrides?: readonly Override[];
}

/** How strictly a workspace's configuration is read. */
export interface ReadConfigOptions extends DeviceChoice {
  /** False where nothing will be measured: a backend that nothing provides here is then a stand-in that fails when it is used. */
  readonly needsBackend?: boolean;
  /** Variables that stand in for settings, see {@link overrideBuildConfig} and {@link overrideBackendConfig}. Default: none. */
  readonly env?: EnvironmentVariables;
}

/**
 * Read and check `configs/predictorbuild_config.yaml` and `configs/backend_config.yaml`. Of several kernels, those that nothing provides
 * are `missing` and cost the others nothing.
 *
 * @throws {@link InvalidFileError} with every problem of the files at once: key and line; unknown kernels and backends get the nearest names
 */
export async function readWorkspaceConfig(
  workspace: Workspace,
  registry: Registry,
  { needsBackend = true, env = {}, ...choice }: ReadConfigOptions = {},
): Promise<WorkspaceConfig> {
  const backendYaml = overrideBackendConfig(await readYamlFile(workspace.paths.backendConfig, workspace.files), env);
  const buildYaml = overrideBuildConfig(await readYamlFile(workspace.paths.buildConfig, workspace.files), env);
  const { named = await namesOf(backendYaml.value, choice, registry) } = choice;
  const backend = attempt(() => parseBackendConfig(backendYaml, registry, needsBackend, { ...choice, named }));
  const build = attempt(() => parseBuildConfig(buildYaml, registry, workspace.manifest));
  if ('problem' in backend && 'problem' in build) throw new InvalidFilesError([backend.problem, build.problem]);
  if ('problem' in backend) throw backend.problem;
  if ('problem' in build) throw build.problem;
  if (!(backend.value.backend instanceof MissingBackend) && !backend.value.backend.implement.includes(build.value.implement)) {
    const can = backend.value.backend.implement.join(' or ');
    const message = `is ${build.value.implement}, but the backend ${backend.value.backend.id} runs ${can}`;
    throw new InvalidFileError({ file: buildYaml.file, problems: locateProblems(buildYaml, [{ path: ['IMPLEMENT'], message }]) });
  }
  const overrides = [...buildYaml.overrides, ...backendYaml.overrides];
  return { ...build.value, ...backend.value, ...(overrides.length > 0 && { overrides }) };
}

/** The user's names of devices, where the file or the command may use one. */
async function namesOf(yaml: unknown, { device }: DeviceChoice, registry: Registry): Promise<NamedDevices> {
  const written = (yaml as { readonly DEVICE?: unknown } | null)?.DEVICE;
  return { ...(await namesFor(written, registry)), ...(await namesFor(device, registry)) };
}

function attempt<T>(parse: () => T): { readonly value: T } | { readonly problem: InvalidFileError } {
  try {
    return { value: parse() };
  } catch (error) {
    if (error instanceof InvalidFileError) return { problem: error };
    throw error;
  }
}

/** Several files have problems; they are reported together. */
class InvalidFilesError extends NnmError {
  constructor(errors: readonly InvalidFileError[]) {
    super({
      code: 'ERR_INVALID_FILE',
      message: errors.map(({ message }) => message).join('\n'),
      hint: 'Correct the files and run the command again.',
      details: { files: errors.map(({ details }) => details) },
    });
  }
}
