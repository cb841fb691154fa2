import type { DeviceFacts } from '@nnm/core';
import { saidValues, say, scriptOf } from './shell.ts';
import { THERMAL, thermalState } from './thermal.ts';

const PROPERTIES = [
  'ro.product.manufacturer',
  'ro.product.model',
  'ro.build.version.release',
  'ro.build.fingerprint',
  'ro.product.cpu.abi',
  'ro.product.cpu.abilist',
  'ro.soc.manufacturer',
  'ro.soc.model',
  'ro.board.platform',
  'ro.hardware',
];

/** What a phone is, as far as its shell tells. */
export interface PhoneFacts {
  readonly values: Readonly<Record<string, string>>;
  /** Such as `arm64-v8a`, the best first. */
  readonly abis: readonly string[];
  readonly cores: number;
  /** Changes when it is restarted. */
  readonly boot: string | undefined;
}

/** A script that says all of {@link PhoneFacts}. */
export const FACTS_SCRIPT = scriptOf(
  [],
  [
    ...PROPERTIES.map((name) => say(name, `getprop ${name}`)),
    say('possible', 'cat /sys/devices/system/cpu/possible 2>/dev/null'),
    say('governor', 'cat /sys/devices/system/cpu/cpufreq/policy*/scaling_governor 2>/dev/null | sort -u | head -n 1'),
    say('memory', 'grep MemTotal /proc/meminfo 2>/dev/null'),
    say('boot', 'cat /proc/sys/kernel/random/boot_id 2>/dev/null'),
    say('taskset', 'command -v taskset'),
    ...THERMAL,
  ],
);

/** @param output - of {@link FACTS_SCRIPT} */
export function readFacts(output: string): PhoneFacts {
  const values = saidValues(output);
  const abis = (values['ro.product.cpu.abilist'] ?? values['ro.product.cpu.abi'] ?? '').split(',').filter((abi) => abi !== '');
  return { values, abis, cores: countCpus(values.possible ?? '') || 1, boot: values.boot };
}

/** Of a list such as `0-3,6`. */
function countCpus(list: string): number {
  return list
    .split(',')
    .filter((part) => /^\d+(-\d+)?$/.test(part))
    .map((part) => part.split('-').map(Number))
    .reduce((sum, [first, last = first]) => sum + last! - first! + 1, 0);
}

/** The facts as nnm stores them with every measurement. */
export function deviceFacts(facts: PhoneFacts, serial: string): DeviceFacts {
  const { values } = facts;
  const model = values['ro.product.model'] ?? 'unknown';
  const maker = values['ro.product.manufacturer'];
  const memory = /(\d+) kB/.exec(values.memory ?? '')?.[1];
  const soc = [values['ro.soc.manufacturer'], values['ro.soc.model']].filter((part) => part !== undefined).join(' ');
  const heat = thermalState(values);
  const name = maker === undefined || model.toLowerCase().startsWith(maker.toLowerCase()) ? model : `${maker} ${model}`;
  return {
    kind: 'adb',
    name,
    version: values['ro.build.version.release'] ?? 'unknown',
    unit: serial,
    cpu: soc || values['ro.board.platform'] || values['ro.hardware'] || 'unknown',
    cores: facts.cores,
    ...(memory !== undefined && { memoryBytes: Number(memory) * 1024 }),
    ...(values.governor !== undefined && { governor: values.governor }),
    platform: 'android',
    arch: facts.abis[0] ?? 'unknown',
    details: {
      phone: name,
      serial,
      android: `${values['ro.build.version.release'] ?? 'unknown'}${values['ro.build.fingerprint'] === undefined ? '' : ` (${values['ro.build.fingerprint']})`}`,
      ...(heat !== undefined && { heat: heat.text }),
    },
    notes: heat?.isThrottled ? [heat.sentence] : [],
  };
}
