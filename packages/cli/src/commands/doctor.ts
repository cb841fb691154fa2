import type { AnyBackend } from '@nnm/core';
import { Flags } from '@oclif/core';
import { type Diagnosis, diagnoseDevices, diagnosePlugins, diagnoseRuntime } from '../doctor/diagnose.ts';
import { showDiagnosis } from '../doctor/show-diagnosis.ts';
import { BACKEND_PACKAGES } from '../plugins/backend-packages.ts';
import { type BackendSetup, backendFlag, deviceChoice, deviceFlags, WorkspaceCommand } from '../workspace-command.ts';

interface DoctorResult {
  readonly healthy: boolean;
  readonly checks: readonly Diagnosis[];
}

const NO_BACKEND: Diagnosis = {
  what: 'Backends',
  status: 'warning',
  text: 'none is installed, so nothing can be measured here',
  hint: `Run ${Object.values(BACKEND_PACKAGES)
    .map((name) => `\`nnm plugins add ${name}\``)
    .join(' or ')}.`,
};

function noBackendOn(device: string): Diagnosis {
  return { what: 'Backends', status: 'warning', text: `none that is installed runs on the device ${device}`, hint: 'See `nnm backends`.' };
}

/** `nnm doctor` */
export default class Doctor extends WorkspaceCommand {
  static override summary = 'Check plugins and runtimes, and how noisy the machine is now.';
  static override description =
    'Inside a workspace its backend is checked, elsewhere every backend. Noise is measured with a small reference kernel: at its best known speed the machine is quiet; while something else uses it, latencies come out too long and measuring takes longer. Exits with 1 when something does not work; noise alone is no failure.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --backend tflite_cpu --seconds 30',
  ];
  static override flags = {
    backend: backendFlag(),
    ...deviceFlags,
    seconds: Flags.integer({
      char: 's',
      description: 'How long to listen to the machine, per backend.',
      min: 1,
      max: 3600,
      default: 5,
      helpValue: '<n>',
    }),
    relearn: Flags.boolean({
      description:
        'Forget how fast the machine once was, and take the speed that it has now for its best: for one that has become slower for good, by other power settings, firmware or another host. Do it in a quiet moment.',
    }),
  };

  async run(): Promise<DoctorResult> {
    const { flags } = await this.parse(Doctor);
    const checks: Diagnosis[] = [];
    const add = (diagnosis: Diagnosis): void => {
      checks.push(diagnosis);
      this.log(showDiagnosis(diagnosis, this.paint));
    };
    add({ what: 'Node', status: 'ok', text: `${process.version} on ${process.platform} ${process.arch}` });
    for (const diagnosis of await diagnosePlugins(() => this.find())) add(diagnosis);
    if (!checks.some(({ status }) => status === 'failed')) {
      const setups = await this.chooseBackends(flags);
      if (setups.length === 0) add(flags.device === undefined ? NO_BACKEND : noBackendOn(flags.device));
      for (const diagnosis of await diagnoseDevices((await this.find()).registry)) add(diagnosis);
      const isAskedFor = setups.length === 1;
      const { signal } = this;
      const { seconds, relearn } = flags;
      for (const setup of setups) {
        for await (const diagnosis of diagnoseRuntime(setup, { seconds, relearn, signal, isAskedFor })) add(diagnosis);
      }
    }
    const healthy = checks.every(({ status }) => status !== 'failed');
    if (!healthy) process.exitCode = 1;
    return { healthy, checks };
  }

  private async chooseBackends(flags: {
    backend: string | undefined;
    workspace: string | undefined;
    device: string | undefined;
    lan: boolean;
  }): Promise<readonly BackendSetup[]> {
    if (flags.backend !== undefined || flags.workspace !== undefined) return [await this.chooseBackend(flags)];
    const [{ findDevice, findWorkspace, HERE, isHere, namesFor }, { NnmError }] = await Promise.all([
      import('@nnm/builder'),
      import('@nnm/core'),
    ]);
    try {
      await findWorkspace(process.cwd());
    } catch (error) {
      if (!NnmError.isInstance(error) || error.code !== 'ERR_NOT_A_WORKSPACE') throw error;
      const { registry } = await this.discover();
      const { device = HERE } = flags;
      const kind = isHere(device) ? undefined : findDevice(device, registry, await namesFor(device, registry)).kind;
      const runsThere = (backend: AnyBackend): boolean => kind?.refuse(backend) === undefined;
      const backends = registry.backends.map(({ value }) => value).filter(runsThere);
      return Promise.all(backends.map((backend) => this.configure(backend, registry, deviceChoice(flags))));
    }
    return [await this.chooseBackend(flags)];
  }
}
