import { comparableOptions, type Environment } from '@nnm/profiler';
import type { EnvironmentReport, Fact } from './report-document.ts';

const GIB = 2 ** 30;

const PROCESSES: Readonly<Record<Environment['isolation'], string>> = {
  process: 'a separate one',
  none: "nnm's own",
  browser: 'a worker of a page',
  device: 'a process of its own on the device',
};

/** The conditions of a measurement as names and values for people. */
export function environmentFacts(environment: Environment): readonly Fact[] {
  const { cpu, cores, memoryBytes, platform, arch, governor, runtime, isolation, device, pinned, node, nnm } = environment;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['runtime', `${runtime.runtime} ${runtime.version}`],
    ['device', device === undefined ? undefined : `${device.name} ${device.version}`],
    ['threads', String(runtime.threads)],
    ...Object.entries(comparableOptions(runtime)).map(([name, value]) => [name, String(value)] as const),
    ['CPU', `${cpu}, ${cores} logical ${cores === 1 ? 'core' : 'cores'}`],
    ['memory', memoryBytes === undefined ? undefined : `${(memoryBytes / GIB).toFixed(1)} GiB`],
    ['platform', `${platform} ${arch}`],
    ['governor', governor],
    ['process', `${PROCESSES[isolation]}${pinned ? ', pinned to a CPU' : ''}`],
    ['Node', node],
    ['nnm', nnm],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** Kernels by the conditions they were measured under; equal conditions once. */
export function groupEnvironments(
  measured: readonly { readonly kernel: string; readonly environment: Environment | undefined }[],
): readonly EnvironmentReport[] {
  const groups = new Map<string, { readonly kernels: string[]; readonly facts: readonly Fact[] }>();
  for (const { kernel, environment } of measured) {
    if (environment === undefined) continue;
    const facts = environmentFacts(environment);
    const name = JSON.stringify(facts);
    const group = groups.get(name) ?? { kernels: [], facts };
    group.kernels.push(kernel);
    groups.set(name, group);
  }
  return [...groups.values()];
}
