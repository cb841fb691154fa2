import path from 'node:path';
import type { DeviceFacts, OperatorSupport, RuntimeInfo } from '@nnm/core';
import type { ClockReport, Environment, Isolation } from '@nnm/profiler';
import { Flags } from '@oclif/core';
import type { InferenceCheck } from '../check-inference.ts';
import { summariseRuns } from '../output/operator-runs.ts';
import { renderFacts } from '../output/table.ts';
import { shortPath } from '../plugins/origin.ts';
import { runtimeFacts } from '../runtime-facts.ts';
import { backendFlag, deviceFlags, WorkspaceCommand } from '../workspace-command.ts';

interface ConnectResult {
  readonly backend: string;
  readonly workspace?: string;
  readonly runtime: RuntimeInfo;
  readonly isolation: Isolation;
  readonly environment: Environment;
  /** What the device says of itself; absent when that is this machine. */
  readonly device?: DeviceFacts;
  /** What its clock was found to be while a model ran. */
  readonly clock?: ClockReport;
  /** How it runs each operator, if it says so. */
  readonly operators?: Readonly<Record<string, OperatorSupport>>;
  readonly notes: readonly string[];
  /** One inference of a small convolution gave finite numbers, or ran where outputs are not to be had. */
  readonly inference: InferenceCheck;
}

/** `nnm connect` */
export default class Connect extends WorkspaceCommand {
  static override summary = 'Start the runtime of a backend as measurements do, run two small models, and say what it is.';
  static override description =
    'A runtime that dies, never ends or has a clock that no latency can be read from is found here. Where it runs in a process of its own, as most do, it is stopped after --timeout. One that runs inside the process of nnm is given up then, and where it does not give control back the process is ended.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --backend tflite_cpu'];
  static override flags = {
    backend: backendFlag(),
    ...deviceFlags,
    timeout: Flags.integer({
      description: 'Seconds that starting the runtime, and running a model, may take each.',
      min: 1,
      max: 86_400,
      default: 60,
      helpValue: '<s>',
    }),
  };

  async run(): Promise<ConnectResult> {
    const { flags } = await this.parse(Connect);
    const { backend, settings, workspace } = await this.chooseBackend(flags);
    const { openCheckedSession } = await import('../open-checked-session.ts');
    const { session, inference } = await openCheckedSession({ backend, settings, levelsFile: false, timeoutMs: 1000 * flags.timeout });
    try {
      const result: ConnectResult = {
        backend: backend.id,
        ...(workspace !== undefined && { workspace: workspace.folder }),
        runtime: session.info,
        isolation: session.isolation,
        environment: session.environment,
        ...(session.device !== undefined && { device: session.device }),
        ...(session.clock !== undefined && { clock: session.clock }),
        ...(backend.operators !== undefined && { operators: backend.operators }),
        notes: session.notes,
        inference,
      };
      this.show(result);
      return result;
    } finally {
      await session.close();
    }
  }

  private show({ backend, workspace, runtime, environment, isolation, device, clock, operators, notes, inference }: ConnectResult): void {
    const settings = workspace === undefined ? 'defaults' : shortPath(path.join(workspace, 'configs', 'backend_config.yaml'));
    this.log(
      renderFacts(
        [
          ['backend', this.paint.bold(backend)],
          ['settings', settings],
          ...runtimeFacts(runtime, environment, isolation, device),
          ['clock', clock === undefined ? undefined : describeClock(clock)],
          ['operators', summariseRuns(operators)],
        ],
        this.paint,
      ),
    );
    for (const note of device === undefined ? (clock?.notes ?? []) : notes) this.caution(note);
    const what =
      inference === 'ok' ? 'a small convolution ran and gave finite numbers' : 'the reference kernel ran; outputs are not to be had there';
    this.log(`\n${this.paint.green('Connected:')} ${what}.`);
  }
}

/** How fine the clock is that latencies are read from. */
function describeClock({ resolutionMs }: ClockReport): string {
  return resolutionMs === 0 ? 'no steps found' : `steps of ${Number((1000 * resolutionMs).toPrecision(3))} microseconds`;
}
