import type { FleetState } from '@nnm/fleet';
import { NnmCommand } from '../../base-command.ts';
import { importFleet } from '../../fleet/import-fleet.ts';
import { queueFlag, requireQueue } from '../../fleet/queue-flags.ts';
import { renderTable } from '../../output/table.ts';

/** `nnm fleet list` */
export default class FleetList extends NnmCommand {
  static override summary = 'List the workers of a fleet, with their last heartbeat.';
  static override examples = ['<%= config.bin %> <%= command.id %> --queue redis://build-host:6379'];
  static override flags = { queue: queueFlag };

  async run(): Promise<Pick<FleetState, 'queue' | 'notes' | 'workers'>> {
    const { flags } = await this.parse(FleetList);
    const { readFleet } = await importFleet();
    const { queue, notes, workers } = await readFleet(requireQueue(flags));
    for (const note of notes) this.caution(note);
    if (workers.length === 0) this.log('No worker has been heard of in the last day. Start one with `nnm worker`.');
    else {
      const rows = workers.map(({ device, classId, isLive, doing, silentMs, kernels, nnm, pid }) => [
        device,
        classId,
        isLive ? doing : 'silent',
        `${Math.round(silentMs / 1000)} s ago`,
        String(kernels),
        nnm,
        String(pid),
      ]);
      const columns = [
        { title: 'DEVICE' },
        { title: 'CLASS' },
        { title: 'STATE' },
        { title: 'HEARTBEAT', align: 'right' as const },
        { title: 'MEASURED', align: 'right' as const },
        { title: 'NNM' },
        { title: 'PROCESS', align: 'right' as const },
      ];
      this.log(renderTable(columns, rows, this.paint));
    }
    return { queue, notes, workers };
  }
}
