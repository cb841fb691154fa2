import { resolve } from 'node:path';
import { MAX_SAMPLE_NUM, type NewWorkspace } from '@nnm/builder';
import { assertImplement, type Implement, type Registry } from '@nnm/core';
import { Args, Flags } from '@oclif/core';
import { NnmCommand } from '../base-command.ts';
import { UsageError } from '../errors.ts';
import type { AdoptReport } from '../output/adoption.ts';
import { countOf } from '../output/quantities.ts';
import { BACKEND_PACKAGES, RUNTIME_PACKAGES } from '../plugins/backend-packages.ts';
import { shortPath } from '../plugins/origin.ts';
import type { InstalledPackage } from '../project/install-plugin.ts';

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
  ];
  static override args = {
    workspace: Args.string({ description: 'Folder to make; it must be new or empty, or one of nn-Meter with --adopt.', required: true }),
  };
  static override flags = {
    backend: Flags.string({ char: 'b', description: 'Backend to measure on; see `nnm backends`.', required: true, helpValue: '<backend>' }),
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
    }),
    install: Flags.boolean({
      description:
        "Install the backend's package where it is one of nnm's own and missing: in the project of the current folder, or for this user where there is none.",
    }),
  };

  async run(): Promise<CreateResult> {
    const { args, flags } = await this.parse(Create);
    if (flags.install) await this.ensureBackend(flags.backend);
    const { registry, originOf } = await this.discover();
    const backend = registry.backend(flags.backend);
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
      ...(flags.samples !== undefined && { kernelSettings: { initSampleNum: flags.samples } }),
    };
    if (flags.adopt) return this.adopt(args.workspace, setup, flags, registry);
    const { createWorkspace } = await import('@nnm/builder');
    const { folder, paths } = await createWorkspace(resolve(args.workspace), setup);
    this.log(
      `${this.paint.green('Made')} the workspace ${this.paint.bold(shortPath(folder))} for ${backend.id} with ${countOf(kernels.length, 'kernel')}.`,
    );
    this.log(`Settings: ${shortPath(paths.buildConfig)} and ${shortPath(paths.backendConfig)}`);
    const missing = backend.id in RUNTIME_PACKAGES ? backend.whyNot?.() : undefined;
    if (missing !== undefined) this.caution(`${missing.message} ${missing.hint ?? ''}`.trim());
    this.log(`Next:     nnm connect -w ${args.workspace}   then   nnm build -w ${args.workspace}`);
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
    const [{ installationFolder, installBackend, installRuntime }, { writeTrust }] = await Promise.all([
      import('../project/install-backend.ts'),
      import('../trust/trust-store.ts'),
    ]);
    const folder = installationFolder(process.cwd());
    const install = async (what: string, installed: () => Promise<InstalledPackage>): Promise<void> => {
      this.note(`Installing ${what} in ${folder} ...`);
      const { name: of, version } = await installed();
      this.log(`Installed ${of} ${version ?? ''} in ${folder}.`);
    };
    if (backend === undefined) await install(name, () => installBackend(name, folder));
    if (runtime !== undefined) await install(runtime, () => installRuntime(runtime, folder));
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
