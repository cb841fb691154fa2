import path from 'node:path';
import type { RuntimeInfo } from '@nnm/core';
import type { Environment, Isolation } from '@nnm/profiler';
import { renderFacts } from '../output/table.ts';
import { shortPath } from '../plugins/origin.ts';
import { runtimeFacts } from '../runtime-facts.ts';
import { backendFlag, WorkspaceCommand } from '../workspace-command.ts';

interface ConnectResult {
  readonly backend: string;
  readonly workspace?: string;
  readonly runtime: RuntimeInfo;
  readonly isolation: Isolation;
  readonly environment: Environment;
  readonly notes: readonly string[];
  /** One inference of a small convolution gave finite numbers. */
  readonly inference: 'ok';
}

/** `nnm connect` */
export default class Connect extends WorkspaceCommand {
  static override summary = 'Start the runtime of a backend as measurements do, run one small model, and say what it is.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --backend tflite_cpu'];
  static override flags = { backend: backendFlag };

  async run(): Promise<ConnectResult> {
    const { flags } = await this.parse(Connect);
    const { backend, settings, workspace } = await this.chooseBackend({ backend: flags.backend, workspace: flags.workspace });
    const { openProfilerSession } = await import('@nnm/profiler');
    const session = await openProfilerSession({ backend, settings, levelsFile: false });
    try {
      const { checkInference } = await import('../check-inference.ts');
      await checkInference(session, backend);
      const result: ConnectResult = {
        backend: backend.id,
        ...(workspace !== undefined && { workspace: workspace.folder }),
        runtime: session.info,
        isolation: session.isolation,
        environment: session.environment,
        notes: session.notes,
        inference: 'ok',
      };
      this.show(result);
      return result;
    } finally {
      await session.close();
    }
  }

  private show({ backend, workspace, runtime, environment, isolation }: ConnectResult): void {
    const settings = workspace === undefined ? 'defaults' : shortPath(path.join(workspace, 'configs', 'backend_config.yaml'));
    this.log(
      renderFacts(
        [['backend', this.paint.bold(backend)], ['settings', settings], ...runtimeFacts(runtime, environment, isolation)],
        this.paint,
      ),
    );
    this.log(`\n${this.paint.green('Connected:')} a small convolution ran and gave finite numbers.`);
  }
}
