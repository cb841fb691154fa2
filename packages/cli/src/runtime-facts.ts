import type { DeviceFacts, RuntimeInfo } from '@nnm/core';
import type { Environment, Isolation } from '@nnm/profiler';

const PROCESSES: Readonly<Record<Isolation['kind'], string>> = {
  process: 'a separate one',
  none: 'this one (a crash would end the run)',
  browser: 'a worker of a page',
  device: 'a separate one on the device',
};

/** What a started runtime is, for people: name and value of each fact. */
export function runtimeFacts(
  info: RuntimeInfo,
  environment: Environment,
  isolation: Isolation,
  device?: DeviceFacts,
): readonly (readonly [string, string | undefined])[] {
  return [
    ['runtime', `${info.runtime} ${info.version}`],
    ['threads', String(info.threads)],
    ...Object.entries(info.options).map(([name, value]) => [name, String(value)] as const),
    ['timing', info.timing],
    ['process', PROCESSES[isolation.kind]],
    ...Object.entries(device?.details ?? {}),
    ['CPU', `${environment.cpu}, ${environment.cores} logical cores`],
    [
      'pinned to',
      isolation.cpus === undefined
        ? `not pinned${isolation.notPinned === undefined ? '' : `: ${isolation.notPinned}`}`
        : `CPU ${isolation.cpus.join(', ')}`,
    ],
    ['governor', environment.governor],
    ['platform', `${environment.platform} ${environment.arch}, Node ${environment.node}`],
  ];
}
