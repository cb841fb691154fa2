import type { Environment, ProfileEvent, Timers } from '@nnm/profiler';
import type { Comparison } from '../calibrate/comparison.ts';
import { readComparison } from '../calibrate/kept-comparison.ts';
import { NoWorkerError } from '../errors.ts';
import type { QueueConnection } from '../redis/connect.ts';
import { type DeviceClass, describeClass } from '../roll/device-class.ts';
import { listWorkers } from '../roll/roll.ts';
import type { ListedWorker } from '../roll/worker-state.ts';
import { type ClassNeeds, findClass } from './find-class.ts';
import type { PatientServer } from './patient-server.ts';
import { type Placement, placeKernels, placementNotes } from './placement.ts';

/** What all runs of a build have in common. */
export interface FleetSetup {
  readonly connection: QueueConnection;
  /** Id of the class that is asked for. */
  readonly class: string | undefined;
  /** The device that has been chosen for this build; the first run chooses it. */
  device: string | undefined;
  /** The only device that may measure, whatever is known of it: for comparing devices. */
  readonly onlyDevice?: string | undefined;
}

const LOOK_MS = 2000;

/** Who is there to measure for a run, and which of them may. */
export class DevicesWatch {
  class!: DeviceClass;
  placement!: Placement;
  /** The device that has measured for this run's journal, or is to. */
  private bound: string | undefined;
  private comparison: Comparison | undefined;
  private workers: readonly ListedWorker[] = [];
  private lookedMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly setup: FleetSetup,
    private readonly server: PatientServer,
    private readonly timers: Timers,
  ) {}

  /**
   * Wait until somebody is there who can measure.
   *
   * @param assertComparable - throws for conditions that the run's journal was not made under
   * @throws {@link NoWorkerError} when the time is over, and what finding a class throws
   */
  async *find(
    needs: Omit<ClassNeeds, 'class'>,
    assertComparable: (environment: Environment) => void,
  ): AsyncGenerator<ProfileEvent, DeviceClass> {
    const { setup, server } = this;
    for (;;) {
      const found = await server.answer(findClass(setup.connection.redis, { ...needs, class: setup.class }));
      if (found !== undefined && 'class' in found) {
        this.class = found.class;
        this.workers = found.workers;
        this.lookedMs = this.timers.now();
        return found.class;
      }
      if (found?.differing !== undefined) assertComparable(found.differing);
      const reason = found?.missing ?? server.lostConnection;
      yield* server.say(reason);
      if (server.isOutOfTime) throw new NoWorkerError({ reason });
      await server.pause(LOOK_MS / 2);
    }
  }

  /** @param device - that has measured for the run before; undefined: the one of the build's earlier runs, or whoever is there */
  bind(device: string | undefined): void {
    this.bound = device ?? this.setup.device;
  }

  /** See who is there and who may measure, unless that was done a moment ago. */
  async *lookAgain(): AsyncGenerator<ProfileEvent, void> {
    if (this.timers.now() - this.lookedMs >= LOOK_MS) yield* this.look();
  }

  async *look(): AsyncGenerator<ProfileEvent, void> {
    const { connection, onlyDevice } = this.setup;
    const { redis } = connection;
    const seen = await this.server.answer(Promise.all([listWorkers(redis), readComparison(redis, this.class.id)]));
    this.lookedMs = this.timers.now();
    if (seen === undefined) {
      yield* this.server.say(this.server.lostConnection);
      this.placement ??= { device: this.bound, workers: [] };
      return;
    }
    const [workers, comparison] = seen;
    this.comparison = comparison;
    this.workers = workers.filter(({ isLive, classId }) => isLive && classId === this.class.id);
    this.placement = placeKernels(this.workers, onlyDevice === undefined ? comparison : undefined, onlyDevice ?? this.bound);
    this.bound ??= this.placement.device;
    this.setup.device ??= this.placement.device;
    if (this.placement.workers.length > 0) {
      this.server.goOn();
      return;
    }
    const device = this.placement.device ?? 'any device that agrees';
    const others = this.workers.length > 0 ? ' `nnm fleet calibrate` shows whether others may go on.' : '';
    yield* this.server.say(`Waiting for a worker on ${device} of class ${this.class.id}: none has been heard of.${others}`);
  }

  /** A device has no worker any more, and another one has been chosen. */
  isLeft(device: string | undefined): boolean {
    const { placement, workers } = this;
    const isElsewhere = device !== undefined && device !== placement.device && placement.workers.length > 0;
    return isElsewhere && !workers.some((worker) => worker.device === device);
  }

  /** What a user should know of them, as full sentences. */
  get notes(): readonly string[] {
    const found = `Class ${this.class.id}: ${describeClass(this.class)}.`;
    return [found, ...placementNotes(this.workers, this.comparison, this.placement)];
  }
}
