import type { ExplainedSetting, JsonSchema, WorkspaceConfig } from '@nnm/builder';
import { Args, Flags } from '@oclif/core';
import { renderTable } from '../output/table.ts';
import { shortPath } from '../plugins/origin.ts';
import { SUPERVISED_VARIABLE } from '../program/messages.ts';
import { followsHome } from '../program/own-folders.ts';
import { SEED_VARIABLE } from '../run-flags.ts';
import { WorkspaceCommand } from '../workspace-command.ts';

interface ConfigResult {
  readonly workspace: string;
  readonly settings: readonly ExplainedSetting[];
}

/** `nnm config [workspace]` */
export default class Config extends WorkspaceCommand {
  static override summary = 'Show every setting of a workspace, its effective value, and where that comes from.';
  static override description =
    'A setting comes from an environment variable (NNM_BATCH_SIZE, NNM_ITERATION, NNM_BACKEND_THREADS, …), from a line of configs/predictorbuild_config.yaml or configs/backend_config.yaml, or is the default; what is named first wins. Flags of a command, such as --seed of `nnm build`, come before all of them and count for that run alone. `--schema` prints the JSON Schema of a file, which new workspaces have beside it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> phone --json',
    '<%= config.bin %> <%= command.id %> phone --schema build > phone/configs/predictorbuild_config.schema.json',
  ];
  static override args = { folder: Args.string({ description: 'Folder of the workspace; the same as --workspace.' }) };
  static override flags = {
    schema: Flags.option({
      options: ['build', 'backend'] as const,
      description: 'Print the JSON Schema of predictorbuild_config.yaml or backend_config.yaml instead.',
    })(),
  };

  async run(): Promise<ConfigResult | JsonSchema> {
    const { args, flags } = await this.parse(Config);
    const { backendConfigJsonSchema, buildConfigJsonSchema, explainConfig, schemaText } = await import('@nnm/builder');
    const { workspace, config, discovery } = await this.openSetup(args.folder ?? flags.workspace, { needsBackend: false });
    if (flags.schema !== undefined) {
      const kernels = discovery.registry.kernels.map(({ value }) => value);
      const schema =
        flags.schema === 'build' ? buildConfigJsonSchema(kernels) : backendConfigJsonSchema(config.backend, discovery.registry);
      this.log(schemaText(schema).trimEnd());
      return schema;
    }
    const settings = [...(await explainConfig(workspace, config)).map(explainSeed), ...this.programSettings(config)];
    const rows = settings.map(({ key, value, ...source }) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
      this.describeSource(source),
    ]);
    this.log(renderTable([{ title: 'SETTING' }, { title: 'VALUE' }, { title: 'FROM' }], rows, this.paint));
    return { workspace: workspace.folder, settings };
  }

  private describeSource({ from, variable, file, line }: Omit<ExplainedSetting, 'key' | 'value'>): string {
    if (from === 'environment') return variable ?? 'environment';
    if (from === 'default') return this.paint.dim('default');
    return `${shortPath(file ?? '')}${line === undefined ? '' : `:${line}`}`;
  }

  /** Variables of the program and of backends, such as NNM_HOME and NNM_TFLITE_LIBRARY: those that are set, and no setting of a file. */
  private programSettings({ overrides = [] }: WorkspaceConfig): readonly ExplainedSetting[] {
    const known = new Set([...overrides.map(({ variable }) => variable), SEED_VARIABLE, SUPERVISED_VARIABLE]);
    const set = Object.entries(process.env).filter(
      ([name, value]) => /^NNM_[A-Z_]+$/.test(name) && value !== '' && !known.has(name) && !followsHome(name, process.env),
    );
    return set.sort().map(([variable, value = '']) => ({ key: variable, value, from: 'environment', variable }));
  }
}

/** The seed is the workspace's, unless a variable gives every command another. */
function explainSeed(setting: ExplainedSetting): ExplainedSetting {
  const value = process.env[SEED_VARIABLE];
  if (setting.key !== 'seed' || !value) return setting;
  return { key: 'seed', value: Number(value), from: 'environment', variable: SEED_VARIABLE };
}
