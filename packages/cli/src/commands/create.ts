import { resolve } from 'node:path';
import { MAX_SAMPLE_NUM, type NewWorkspace } from '@nnm/builder';
import { type AnyBackend, assertImplement, type Implement, type Registry } from '@nnm/core';
import { Args, Flags } from '@oclif/core';
import { NnmCommand } from '../base-command.ts';
import { UsageError } from '../errors.ts';
import type { AdoptReport } from '../output/adoption.ts';
import { commandWord } from '../output/command-word.ts';
import { countOf } from '../output/quantities.ts';
import { BACKEND_PACKAGES, DEVICE_PACKAGES, RUNTIME_PACKAGES } from '../plugins/backend-packages.ts';
import { shortPath } from '../plugins/origin.ts';
import { SEED_VARIABLE } from '../run-flags.ts';

interface CreateResult {
  readonly workspace: string;
  readonly backend: string;
  readonly implement: Implement;
  readonly kernels: readonly string[];
  readonly buildConfig: string;
  readonly backendConfig: string;
  readonly seed: number;
  /** With --adopt: what was understood of the folder. */
  readonly adopted?: AdoptReport;
}

/** `nnm create <workspace>` */
export default class Create extends NnmCommand {
  static override summary = 'Make a workspace: the configuration, measurements and predictors of one backend.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> phone --backend tflite_cpu',
    '<%= config.bin %> <%= command.id %> nn-meter-workspace --adopt --backend tflite_cpu',
    '<%= config.bin %> <%= command.id %> small --backend torch_cpu --kernels conv-bn-relu,dwconv-bn-relu --samples 200',
    '<%= config.bin %> <%= command.id %> server --backend torch_cpu --install',
    '<%= config.bin %> <%= command.id %> pi --backend tflite_cpu --device ssh://pi@board --install',
  ];
  static override args = {
    workspace: Args.string({ description: 'Folder to make; it must be new or empty, or one of nn-Meter with --adopt.', required: true }),
  };
  static override flags = {
    backend: Flags.string({ char: 'b', description: 'Backend to measure on; see `nnm backends`.', required: true, helpValue: '<backend>' }),
    device: Flags.string({
      description:
        'DEVICE of the configuration: where the runtime runs, `here`, `browser`, an address such as `ssh://pi@board`, or a name that `nnm device add` gave.',
      helpValue: '<device>',
    }),
    implement: Flags.option({
      options: ['tensorflow', 'torch'] as const,
      description:
        "Framework whose layout and padding the models follow: `tensorflow` for tflite_cpu, `torch` for torch_cpu; `nnm backends` shows what each backend runs. Default: the backend's own.",
    })(),
    kernels: Flags.string({
      char: 'k',
      description:
        'Kernels to list in the configuration, separated by commas, `networks` for those that published networks are made of, or `all`. Default: the 16 that nn-Meter lists, and those you have added.',
      helpValue: '<kernel,…>',
    }),
    adopt: Flags.boolean({
      description:
        'Make a workspace of a folder of nn-Meter: its configuration stays, its kernel data is read, and what nnm needs the names of is moved into the folder nn-meter. Nothing is replaced.',
    }),
    samples: Flags.integer({
      description: 'INIT_SAMPLE_NUM of every kernel: configurations of the first round.',
      min: 10,
      max: MAX_SAMPLE_NUM,
      helpValue: '<n>',
    }),
    seed: Flags.integer({
      description: 'Seed of every random choice in the workspace.',
      min: 0,
      max: 2 ** 32 - 1,
      default: 0,
      helpValue: '<n>',
      env: SEED_VARIABLE,
    }),
    install: Flags.boolean({
      description:
        "Install the packages of the backend and the device where they are nnm's own and missing: in the project of the current folder, or for this user where there is none.",
    }),
  };

  async run(): Promise<CreateResult> {
    const { args, flags } = await this.parse(Create);
    if (flags.install) await this.ensureBackend(flags.backend);
    if (flags.install && flags.device !== undefined) await this.ensureDevice(flags.device);
    const { registry, originOf } = await this.discover();
    const backend = registry.backend(flags.backend);
    if (flags.device !== undefined) await this.checkDevice(flags.device, backend, registry);
    const implement = flags.implement ?? backend.implement[0];
    if (!backend.implement.includes(implement)) {
      throw new UsageError({
        message: `The backend ${backend.id} does not run ${implement} models.`,
        hint: `Leave --implement out, or give ${backend.implement.join(' or ')}.`,
      });
    }
    const { allKernels, defaultKernels } = await import('../default-kernels.ts');
    const chosen =
      flags.kernels === undefined
        ? defaultKernels(registry, implement, originOf)
        : flags.kernels.trim() === 'all'
          ? allKernels(registry, implement)
          : flags.kernels.trim() === 'networks'
            ? (await import('../models/network-kernels.ts')).networkKernels(registry, backend.id, implement)
            : splitList(flags.kernels).map((type) => registry.kernel(type));
    assertImplement(chosen, implement);
    const kernels = chosen.map(({ type }) => type);
    const setup = {
      backend,
      implement,
      kernels,
      seed: flags.seed,
      registry,
      ...(flags.device !== undefined && { device: flags.device }),
      ...(flags.samples !== undefined && { kernelSettings: { initSampleNum: flags.samples } }),
    };
    if (flags.adopt) return this.adopt(args.workspace, setup, flags, registry);
    const { createWorkspace } = await import('@nnm/builder');
    const { folder, paths } = await createWorkspace(resolve(args.workspace), setup);
    this.log(
      `${this.paint.green('Made')} the workspace ${this.paint.bold(shortPath(folder))} for ${backend.id} with ${countOf(kernels.length, 'kernel')}.`,
    );
    this.log(`Settings: ${shortPath(paths.buildConfig)} and ${shortPath(paths.backendConfig)}`);
    const isHere = flags.device === undefined;
    const missing = isHere && backend.id in RUNTIME_PACKAGES ? backend.whyNot?.() : undefined;
    if (missing !== undefined) this.caution(`${missing.message} ${missing.hint ?? ''}`.trim());
    const typed = commandWord(args.workspace);
    this.log(`Next:     nnm connect -w ${typed}   then   nnm build -w ${typed}`);
    return {
      workspace: folder,
      backend: backend.id,
      implement,
      kernels,
      buildConfig: paths.buildConfig,
      backendConfig: paths.backendConfig,
      seed: flags.seed,
    };
  }

  private async ensureBackend(id: string): Promise<void> {
    const name = Object.hasOwn(BACKEND_PACKAGES, id) ? BACKEND_PACKAGES[id] : undefined;
    if (name === undefined) return;
    // What is there before: `discover` keeps what it finds, and something may be installed now.
    const { registry } = await this.find();
    const backend = registry.backends.find(({ value }) => value.id === id)?.value;
    const runtime = RUNTIME_PACKAGES[id];
    const isRunnable = backend !== undefined && (runtime === undefined || backend.whyNot?.() === undefined);
    if (isRunnable) return;
    if (backend === undefined) await this.install(name, 'ours');
    if (runtime !== undefined) await this.install(runtime, 'theirs');
  }

  /** The package of the kind of a device, by its address or its name. */
  private async ensureDevice(device: string): Promise<void> {
    const { kindIdOf, readNamedDevices } = await import('@nnm/builder');
    const id = kindIdOf(device, await readNamedDevices());
    const name = Object.hasOwn(DEVICE_PACKAGES, id) ? DEVICE_PACKAGES[id] : undefined;
    if (name === undefined) return;
    const { registry } = await this.find();
    if (!registry.devices.some(({ value }) => value.id === id)) await this.install(name, 'ours');
  }

  private async checkDevice(device: string, backend: AnyBackend, registry: Registry): Promise<void> {
    const { InvalidSettingsError } = await import('@nnm/core');
    const { configureBackend, namesFor } = await import('@nnm/builder');
    try {
      configureBackend(backend, {}, registry, { device, named: await namesFor(device, registry) });
    } catch (error) {
      if (!(error instanceof InvalidSettingsError)) throw error;
      const problems = error.problems.map(({ key, message }) => (key === 'DEVICE' ? `--device ${message}` : `${key} ${message}`));
      throw new UsageError({ message: `${problems.join('; ')}.`, hint: '`nnm device list` says how devices are named.' }, { cause: error });
    }
  }

  /** @param whose - a package of this release, or another one with its version */
  private async install(what: string, whose: 'ours' | 'theirs'): Promise<void> {
    const [{ installationFolder, installOwn, installRuntime }, { writeTrust }] = await Promise.all([
      import('../project/install-backend.ts'),
      import('../trust/trust-store.ts'),
    ]);
    const folder = installationFolder(process.cwd());
    this.note(`Installing ${what} in ${folder} ...`);
    const { name, version } = await (whose === 'ours' ? installOwn(what, folder) : installRuntime(what, folder));
    this.log(`Installed ${name} ${version ?? ''} in ${folder}.`);
    await writeTrust(folder, true); // its user has put this code there
  }

  private async adopt(
    given: string,
    setup: NewWorkspace,
    flags: { readonly kernels?: string | undefined; readonly samples?: number | undefined; readonly implement?: Implement | undefined },
    registry: Registry,
  ): Promise<CreateResult> {
    const { adoptFolder, fileExists, workspacePaths } = await import('@nnm/builder');
    const { buildConfig } = workspacePaths(resolve(given));
    const ignored = (['kernels', 'samples', 'implement'] as const).filter((name) => flags[name] !== undefined);
    if (ignored.length > 0 && (await fileExists(buildConfig))) {
      throw new UsageError({
        message: `The folder has a configuration of its own, so ${ignored.map((name) => `--${name}`).join(' and ')} would change nothing.`,
        hint: `Leave it out, and edit ${shortPath(buildConfig)} instead.`,
      });
    }
    const adopted = await adoptFolder(given, setup, registry);
    const { reportAdoption, showAdoption } = await import('../output/adoption.ts');
    this.log(showAdoption(adopted, given, setup.backend.id, this.paint));
    for (const { message } of adopted.problems) this.caution(message);
    const { folder, paths, manifest } = adopted.workspace;
    return {
      workspace: folder,
      backend: setup.backend.id,
      implement: adopted.implement,
      kernels: [...adopted.rows.keys()],
      buildConfig: paths.buildConfig,
      backendConfig: paths.backendConfig,
      seed: manifest.seed,
      adopted: reportAdoption(adopted),
    };
  }
}

function splitList(text: string): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  const distinct = [...new Set(items.filter((item) => item !== ''))];
  if (distinct.length === 0)
    throw new UsageError({
      message: '--kernels names no kernel.',
      hint: 'Give one or more, such as `--kernels conv-bn-relu,dwconv-bn-relu`.',
    });
  return distinct;
}
