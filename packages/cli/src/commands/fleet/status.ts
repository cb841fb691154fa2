import type { ClassState, FleetState } from '@nnm/fleet';
import { NnmCommand } from '../../base-command.ts';
import { importFleet } from '../../fleet/import-fleet.ts';
import { queueFlag, requireQueue } from '../../fleet/queue-flags.ts';
import { renderFacts } from '../../output/table.ts';

/** `nnm fleet status` */
export default class FleetStatus extends NnmCommand {
  static override summary = 'Show the classes of devices of a fleet, their queues, and how far their devices lie apart.';
  static override examples = ['<%= config.bin %> <%= command.id %> --queue redis://build-host:6379'];
  static override flags = { queue: queueFlag };

  async run(): Promise<FleetState> {
    const { flags } = await this.parse(FleetStatus);
    const { readFleet, describeClass, describeOffset } = await importFleet();
    const state = await readFleet(requireQueue(flags));
    for (const note of state.notes) this.caution(note);
    const apart = ({ comparison }: ClassState): string =>
      comparison === undefined
        ? 'not compared: kernels of a build stay on one; see `nnm fleet calibrate`'
        : comparison.devices.map((offset) => describeOffset(offset, comparison.reference)).join('; ');
    for (const one of state.classes) {
      const live = new Set(state.workers.filter(({ isLive, classId }) => isLive && classId === one.class.id).map(({ device }) => device));
      const facts = [
        ['class', this.paint.bold(one.class.id)],
        ['is', describeClass(one.class)],
        ['devices', one.devices.map((device) => (live.has(device) ? device : `${device} (silent)`)).join(', ') || 'none'],
        ['agreement', one.devices.length > 1 ? apart(one) : undefined],
        ['shared by', one.sharing.join(', ')],
        ...one.queues
          .filter(({ waiting, active }) => waiting + active > 0)
          .map(({ device, waiting, active }) => [`queue of ${device ?? 'all'}`, `${waiting} chunks waiting, ${active} in work`]),
      ] as (readonly [string, string | undefined])[];
      this.log(`${renderFacts(facts, this.paint)}\n`);
    }
    if (state.classes.length === 0) this.log('Nobody is here. Start a worker on a device with `nnm worker`.');
    return state;
  }
}
