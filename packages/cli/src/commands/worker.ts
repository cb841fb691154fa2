import type { WorkerEvent, WorkerSummary } from '@nnm/fleet';
import { Flags } from '@oclif/core';
import { importFleet } from '../fleet/import-fleet.ts';
import { classFlag, queueFlag, requireQueue } from '../fleet/queue-flags.ts';
import { renderError } from '../output/describe-error.ts';
import { paintFor } from '../output/paint.ts';
import { countOf } from '../output/quantities.ts';
import { watchMeasuring } from '../program/measuring-watch.ts';
import { backendFlag, deviceFlags, WorkspaceCommand } from '../workspace-command.ts';

/** `nnm worker` */
export default class Worker extends WorkspaceCommand {
  static override summary = 'Measure on this device for the builds of others, until stopped.';
  static override description =
    'Takes kernels from a queue on Redis or Valkey, measures them with the backend of a workspace or of --backend, and hands the results back. Models come as bytes; which code runs is decided here alone. Ctrl-C gives back what is being measured.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --queue redis://build-host:6379 --backend tflite_cpu',
    'NNM_QUEUE=rediss://pi:secret@build-host:6380 <%= config.bin %> <%= command.id %> --workspace phone --name pi-3',
  ];
  static override flags = {
    queue: queueFlag,
    backend: backendFlag(),
    ...deviceFlags,
    class: classFlag('Refuse to work when this device is not of this class. Default: whatever it is.'),
    name: Flags.string({
      description: 'Name of this device, the same whenever a worker is started on it. Default: the name of the host.',
      helpValue: '<device>',
    }),
  };

  async run(): Promise<WorkerSummary> {
    const { flags } = await this.parse(Worker);
    const url = requireQueue(flags);
    const [{ runWorker }, { referenceGraph }] = await Promise.all([importFleet(), import('@nnm/profiler')]);
    const { backend, settings } = await this.chooseBackend(flags);
    await watchMeasuring(undefined);
    const summary = await runWorker({
      url,
      backend,
      settings,
      referenceModel: () => backend.convert(referenceGraph(backend), backend.implement[0]),
      device: flags.name,
      class: flags.class,
      signal: this.signal,
      onEvent: (event) => this.tell(event),
    });
    this.log(`${countOf(summary.kernels, 'kernel')} measured.`);
    return summary;
  }

  private tell(event: WorkerEvent): void {
    if (event.type === 'joined') {
      this.note(`${event.device} measures for ${event.queue}, as class ${event.class.id}. Ctrl-C ends it.`);
      for (const note of event.notes) this.caution(note);
    } else if (event.type === 'measured') {
      if (this.isVerbose || event.status === 'failed') this.note(`${event.id}: ${event.status === 'ok' ? 'measured' : 'failed'}`);
    } else if (event.type === 'failed') {
      this.logToStderr(renderError(event.error, this.isVerbose, paintFor(process.stderr)));
    }
  }
}
