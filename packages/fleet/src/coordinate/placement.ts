import { agreeing, type Comparison, describeOffset } from '../calibrate/comparison.ts';
import type { ListedWorker } from '../roll/worker-state.ts';

/** Who may measure the kernels of a run. */
export interface Placement {
  /** The only device that may; undefined for all that are known to agree. */
  readonly device: string | undefined;
  /** Workers that are there and may. */
  readonly workers: readonly ListedWorker[];
}

/**
 * Decide which devices measure: all that have been shown to agree, or one.
 *
 * @param workers - live ones of the class
 * @param bound - the device that has measured for this build before, or is to; it stays with it until it is known to agree with others
 */
export function placeKernels(workers: readonly ListedWorker[], comparison: Comparison | undefined, bound: string | undefined): Placement {
  const agreed = comparison === undefined ? new Set<string>() : agreeing(comparison);
  const shares = agreed.size > 1 && (bound === undefined || agreed.has(bound)) && workers.some(({ device }) => agreed.has(device));
  if (shares) return { device: undefined, workers: workers.filter(({ device }) => agreed.has(device)) };
  const device = bound ?? workers[0]?.device;
  return { device, workers: workers.filter((worker) => worker.device === device) };
}

/** How the devices of a class compare, and what follows from it, as sentences for people. */
export function placementNotes(
  workers: readonly ListedWorker[],
  comparison: Comparison | undefined,
  { device }: Placement,
): readonly string[] {
  const devices = [...new Set(workers.map((worker) => worker.device))];
  const known = comparison?.devices.filter((one) => devices.includes(one.device)) ?? [];
  const apart = comparison === undefined ? [] : known.map((offset) => describeOffset(offset, comparison.reference));
  if (device === undefined) {
    const sharing = devices.filter((one) => comparison !== undefined && agreeing(comparison).has(one));
    return [`The kernels are spread over ${sharing.join(', ')}, which agree${apart.length > 0 ? `: ${apart.join('; ')}` : ''}.`];
  }
  if (devices.length < 2) return [`The kernels are measured on ${device}.`];
  const others = devices.filter((one) => one !== device).join(', ');
  const why =
    comparison === undefined
      ? 'nobody has compared them yet'
      : `they have not been shown to agree${apart.length > 0 ? `: ${apart.join('; ')}` : ''}`;
  return [
    `The kernels are all measured on ${device}, and not on ${others} too: ${why}. \`nnm fleet calibrate\` measures the same kernels on all of them.`,
  ];
}
