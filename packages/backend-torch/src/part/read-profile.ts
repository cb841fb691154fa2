import { median, type ProfiledPart, type RunPart } from '@nnm/core';

/** What ends the name of a node's own time in ONNX Runtime's profile. */
const KERNEL_TIME = '_kernel_time';

/** One event of the profile: microseconds. */
interface ProfileEvent {
  readonly cat?: string;
  readonly name: string;
  readonly dur?: number;
}

/**
 * Parts with their times.
 *
 * @param profile - the text that ONNX Runtime wrote of `runs` inferences and one before them
 */
export function readProfile(profile: string, parts: readonly RunPart[], runs: number): readonly ProfiledPart[] {
  const times = new Map<string, number[]>();
  for (const { cat, name, dur = 0 } of JSON.parse(profile) as readonly ProfileEvent[]) {
    if (cat !== 'Node' || !name.endsWith(KERNEL_TIME)) continue;
    const node = name.slice(0, -KERNEL_TIME.length);
    times.set(node, [...(times.get(node) ?? []), dur]);
  }
  const timeOf = (node: string): number => {
    const all = times.get(node)?.slice(-runs) ?? [];
    return all.length === 0 ? 0 : median(all) / 1000;
  };
  return parts.map((part) => ({ ...part, latencyMs: (part.nodes ?? []).reduce((sum, node) => sum + timeOf(node), 0) }));
}
