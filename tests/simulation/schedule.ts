import { Rng } from '@nnm/core';
import type { FileFault } from './life-faults.ts';
import { TOY_WORKSPACES } from './toy-workspace.ts';

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** How long an undisturbed build is: what faults are placed by. */
export interface BuildLength {
  readonly calls: number;
  readonly events: number;
  readonly loads: number;
}

/** One process that builds, and what happens to it. */
export interface Life {
  readonly files: FileFault;
  readonly shortWrites: boolean;
  /** After this event the process is stopped by Ctrl-C, or killed. */
  readonly stop?: { readonly atEvent: number; readonly how: 'abort' | 'kill' };
  /** The device is gone after so many loads. */
  readonly lostAfterLoads?: number;
  /** Another process wants to build too, and begins after this event of the first. */
  readonly rivalAtEvent?: number;
  /** Another process reads what was measured after this event. */
  readonly readAtEvent?: number;
  /** The clock jumps by so many milliseconds at this event. */
  readonly jump?: { readonly atEvent: number; readonly ms: number };
  /** The machine loses its power when the process has ended, however that came. */
  readonly powerCut: boolean;
}

/** What happens to a workspace until it is built in peace. */
export interface Schedule {
  readonly seed: number;
  readonly workspace: number;
  readonly lives: readonly Life[];
}

/** The schedule of a seed; the same seed gives the same one. @param lengthOf - by the workspace's number */
export function drawSchedule(seed: number, lengthOf: (workspace: number) => BuildLength): Schedule {
  const rng = new Rng(seed).fork('schedule');
  const workspace = rng.integer(0, TOY_WORKSPACES.length - 1);
  const length = lengthOf(workspace);
  const count = rng.pick([1, 1, 1, 1, 2, 3]);
  // The first faults of consecutive seeds lie as far from each other as they can, so that few seeds leave no stretch of a build out.
  const first = (seed * GOLDEN_RATIO) % 1;
  const lives = Array.from({ length: count }, (_, i) => drawLife(rng.fork(`life ${i}`), length, i === 0 ? first : rng.float()));
  return { seed, workspace, lives };
}

/** @param where - in the build its fault lies, from 0 to 1 */
function drawLife(rng: Rng, length: BuildLength, where: number): Life {
  const at = (count: number) => Math.floor(where * (count + 1));
  const atEvent = () => at(length.events);
  const stop = { atEvent: atEvent(), how: rng.pick(['abort', 'kill'] as const) };
  const fault = rng.pick(['file', 'file', 'file', 'file', 'stop', 'device', 'rival', 'jump'] as const);
  return {
    files: fault === 'file' ? drawFileFault(rng, at(length.calls)) : { kind: 'none' },
    shortWrites: rng.float() < 0.3,
    ...((fault === 'stop' || (fault === 'rival' && rng.float() < 0.5)) && { stop }),
    ...(fault === 'device' && { lostAfterLoads: at(length.loads) }),
    ...(fault === 'rival' && { rivalAtEvent: atEvent() }),
    ...((fault === 'jump' || rng.float() < 0.1) && {
      jump: { atEvent: rng.integer(0, length.events), ms: rng.pick([-1e9, -3600e3, 3600e3, 1e9]) },
    }),
    ...(rng.float() < 0.2 && { readAtEvent: rng.integer(0, length.events) }),
    powerCut: rng.float() < 0.4,
  };
}

function drawFileFault(rng: Rng, at: number): FileFault {
  const kind = rng.pick(['kill', 'kill', 'full', 'error'] as const);
  if (kind === 'kill') return { kind, at, when: rng.pick(['before', 'after', 'within'] as const) };
  if (kind === 'full') return { kind, at, room: rng.pick([0, 1, 100, 3000]) };
  return { kind, at, code: rng.pick(['EIO', 'EACCES', 'EMFILE'] as const) };
}
