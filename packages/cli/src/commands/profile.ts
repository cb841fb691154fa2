import { rm } from 'node:fs/promises';
import { MAX_SAMPLE_NUM, type MeasuredSample } from '@nnm/builder';
import type { Environment, FailureGroup } from '@nnm/profiler';
import { Args, Flags, type Interfaces } from '@oclif/core';
import { openBudget } from '../duration.ts';
import { UsageError } from '../errors.ts';
import { openFleet } from '../fleet/open-fleet.ts';
import { queueFlags, refuseBesideQueue } from '../fleet/queue-flags.ts';
import { failuresOf } from '../output/build-report.ts';
import { countOf } from '../output/quantities.ts';
import { renderTable } from '../output/table.ts';
import { shortPath } from '../plugins/origin.ts';
import { watchMeasuring } from '../program/measuring-watch.ts';
import { runFlags } from '../run-flags.ts';
import { areFiles } from '../stages/file-arguments.ts';
import { RowOutput, rowOutputFlags } from '../stages/row-output.ts';
import { rowFlags, StageCommand, stageContext, stageFlags } from '../stages/stage-command.ts';
import type { StageRow } from '../stages/stage-row.ts';
import { deviceChoice, deviceFlags } from '../workspace-command.ts';
import { openRun } from '../workspace-run.ts';

interface ProfileResult {
  readonly workspace: string;
  readonly kernels: readonly {
    readonly kernel: string;
    readonly asked: number;
    readonly measured: number;
    readonly failed: number;
    /** Why, the most frequent reason first. */
    readonly failures: readonly FailureGroup[];
    readonly flagged: number;
    readonly latencyFile: string;
    readonly samples: readonly MeasuredSample[];
  }[];
}

interface ProfiledRows {
  readonly backend: string;
  /** With --output. */
  readonly file?: string;
  readonly rows: readonly StageRow[];
  /** Not measured, because the budget ended first. */
  readonly unmeasured: number;
  readonly environment: Environment;
}

type ProfileFlags = Interfaces.InferredFlags<typeof Profile.flags & typeof StageCommand.baseFlags>;

/** `nnm profile [kernel...]` */
export default class Profile extends StageCommand {
  static override summary = 'Measure without training: the first round of the kernels of a workspace, or what files hold.';
  static override description =
    'Of kernels, the configurations are those that `nnm build` measures first, so nothing is measured twice: a later build takes them from the journal. Stopped and run again, it carries on.\n\nOf files - configurations as `nnm sample` writes them, graphs and models as `nnm generate` and `nnm convert` do - it measures each as it is, with the backend of a workspace or of --backend, changes no workspace, and writes rows with latencies: `nnm train` and `nnm import` take them. With --output a journal lies beside the file until all is measured, and the same command carries on.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> conv-bn-relu',
    '<%= config.bin %> <%= command.id %> --budget 1h',
    '<%= config.bin %> <%= command.id %> configs.jsonl --backend tflite_cpu --output rows.jsonl',
    '<%= config.bin %> <%= command.id %> models --backend tflite_cpu --output rows.csv',
  ];
  static override args = {
    kernel: Args.string({
      description:
        'Kernels of a workspace to measure, by default all that it lists; or files of configurations, files and folders of graphs or models, and `-`.',
      multiple: true,
    }),
  };
  static override flags = {
    ...deviceFlags,
    ...queueFlags,
    ...runFlags,
    ...stageFlags,
    ...rowFlags,
    ...rowOutputFlags,
    samples: Flags.integer({
      description: 'Configurations per kernel. Default: INIT_SAMPLE_NUM of the workspace.',
      min: 1,
      max: MAX_SAMPLE_NUM,
      helpValue: '<n>',
    }),
  };

  async run(): Promise<ProfileResult | ProfiledRows> {
    const { args, flags } = await this.parse(Profile);
    const { device, lan } = flags;
    refuseBesideQueue(flags, { device, lan });
    const { registry } = await this.discover();
    if (areFiles(args.kernel, registry)) return this.profileFiles(args.kernel as string[], flags);
    this.refuseFileFlags(flags);
    return this.profileKernels(args.kernel, flags);
  }

  /** Measure what files hold, and write rows: no workspace is changed. */
  private async profileFiles(places: readonly string[], flags: ProfileFlags): Promise<ProfiledRows> {
    const given = (['fresh', 'detail', 'samples', 'break-lock'] as const).filter(
      (name) => flags[name] !== undefined && flags[name] !== false,
    );
    if (given.length > 0) {
      throw new UsageError({
        message: `${given.map((name) => `--${name}`).join(' and ')} ${given.length === 1 ? 'is' : 'are'} for kernels of a workspace, and the arguments are files.`,
        hint: 'Leave it out. To measure anew, remove the journal beside --output.',
      });
    }
    const [{ profileFiles }, { readStageItems }] = await Promise.all([
      import('../stages/profile-files.ts'),
      import('../stages/stage-files.ts'),
    ]);
    const setup = await this.openStage(flags, true);
    const { modelExtension } = setup.backend.backend;
    const items = await readStageItems(places, setup.registry, { kernel: flags.kernel, format: flags['input-format'], modelExtension });
    const output = new RowOutput(flags);
    output.assertFits(items.map(({ kernel }) => (kernel === undefined ? {} : { kernel })));
    const { budgetMs, ...budget } = openBudget(flags.budget);
    await watchMeasuring(budgetMs);
    await using fleet = await openFleet(flags);
    for (const caution of fleet.cautions) this.caution(caution);
    const context = stageContext(setup, { signal: this.signal, ...budget, ...fleet.measuring });
    const journal = output.file === undefined ? undefined : `${output.file}.journal`;
    if (journal === undefined) this.note('Without --output nothing is kept when this is stopped.');
    const { rows, unmeasured, environment } = await this.follow(profileFiles(items, setup, context, journal), budget);
    await output.write(rows, (text) => this.data(text));
    const failed = rows.filter(({ error }) => error !== undefined).length;
    const flagged = rows.filter(({ flags: why = [] }) => why.length > 0).length;
    const counts = `${countOf(rows.length - failed, 'configuration')} measured, ${flagged} flagged as uncertain, ${failed} failed`;
    if (output.file === undefined) this.note(counts);
    else this.log(`${counts}; ${output.describe(rows.length, 'row')}`);
    if (unmeasured > 0) {
      const again = journal === undefined ? '' : ' The same command carries on.';
      this.caution(`The time budget ended before ${countOf(unmeasured, 'configuration')} could be measured.${again}`);
    } else if (journal !== undefined) await rm(journal, { force: true });
    return { backend: setup.backend.backend.id, ...(output.file && { file: output.file }), rows, unmeasured, environment };
  }

  private refuseFileFlags(flags: ProfileFlags): void {
    const given = (['backend', 'implement', 'batch-size', 'kernel', 'input-format', 'output', 'format'] as const).filter(
      (name) => flags[name] !== undefined,
    );
    if (given.length === 0) return;
    throw new UsageError({
      message: `${given.map((name) => `--${name}`).join(' and ')} ${given.length === 1 ? 'is' : 'are'} for files, and the arguments are kernels of a workspace.`,
      hint: 'Give files of configurations, graphs or models; `nnm sample` writes the first.',
    });
  }

  private async profileKernels(kernelTypes: readonly string[] | undefined, flags: ProfileFlags): Promise<ProfileResult> {
    const { kernelSettings, labelledSamples, latencyFile } = await import('@nnm/builder');
    const { groupFailures } = await import('@nnm/profiler');
    const { measureFirstRound } = await import('../measure-first-round.ts');
    const setup = await this.openSetup(flags.workspace, deviceChoice(flags));
    await using run = await openRun(setup, { ...flags, kernels: kernelTypes, signal: this.signal });
    for (const caution of run.cautions) this.caution(caution);
    for (const note of run.notes) this.note(note);
    if (run.missing.length > 0) process.exitCode = 1;
    const kernels: ProfileResult['kernels'][number][] = [];
    for (const kernel of run.kernels) {
      const settings = kernelSettings(kernel, run.context);
      const sampleNum = flags.samples ?? settings.initSampleNum;
      const samples = await this.follow(measureFirstRound(kernel, sampleNum, run.context), {
        kernels: run.kernels,
        timeLeftMs: run.context.timeLeftMs,
      });
      const failed = samples.filter((sample) => sample.status === 'failed');
      kernels.push({
        kernel,
        asked: sampleNum + settings.holdoutSampleNum,
        measured: labelledSamples(samples).length,
        failed: failed.length,
        failures: groupFailures(failed),
        flagged: labelledSamples(samples).filter(({ flags }) => flags.length > 0).length,
        latencyFile: latencyFile(setup.workspace, kernel),
        samples,
      });
    }
    const rows = kernels.map(({ kernel, asked, measured, flagged, latencyFile, samples }) => [
      kernel,
      String(asked),
      String(measured),
      String(flagged),
      failuresOf(samples),
      shortPath(latencyFile),
    ]);
    const columns = [
      { title: 'KERNEL' },
      { title: 'ASKED', align: 'right' as const },
      { title: 'MEASURED', align: 'right' as const },
      { title: 'FLAGGED', align: 'right' as const },
      { title: 'FAILED' },
      { title: 'LATENCIES' },
    ];
    this.log(renderTable(columns, rows, this.paint));
    return { workspace: setup.workspace.folder, kernels };
  }
}
