import { say } from './shell.ts';

/** What a phone says of its heat. */
export interface ThermalState {
  readonly isThrottled: boolean;
  /** Such as `status 2 of 6, moderate`. */
  readonly text: string;
  readonly sentence: string;
}

/** Lines of a script that say what {@link thermalState} reads: Android's own word from version 10 on, and the kernel's where it may be read. */
export const THERMAL: readonly string[] = [
  say('thermal', "dumpsys thermalservice 2>/dev/null | sed -n 's/^ *Thermal Status: *//p' | head -n 1"),
  say(
    'cooling',
    'for d in /sys/class/thermal/cooling_device*; do case "$(cat "$d/type" 2>/dev/null)" in *cpu*) cat "$d/cur_state" 2>/dev/null;; esac; done | sort -rn | head -n 1',
  ),
];

/** Android's names of its thermal statuses; from `moderate` on it slows the phone down. */
const STATUSES = ['none', 'light', 'moderate', 'severe', 'critical', 'emergency', 'shutdown'];
const THROTTLED = 2;

/** @returns undefined where the phone says nothing of it */
export function thermalState({ thermal, cooling }: Readonly<Record<string, string>>): ThermalState | undefined {
  const status = /^\d$/.test(thermal ?? '') ? Number(thermal) : undefined;
  if (status !== undefined) {
    const text = `status ${status} of 6, ${STATUSES[status] ?? 'unknown'}`;
    return {
      isThrottled: status >= THROTTLED,
      text,
      sentence: `The phone slows itself down for heat (${text}): let it cool, unplugged from a fast charger.`,
    };
  }
  if (!/^\d+$/.test(cooling ?? '')) return undefined;
  const text = cooling === '0' ? 'its CPUs are not held back' : 'its CPUs are held back';
  return {
    isThrottled: cooling !== '0',
    text,
    sentence: 'The phone slows its CPUs down for heat: let it cool, unplugged from a fast charger.',
  };
}
