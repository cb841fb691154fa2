import { MAX_SAMPLE_NUM, type MeasuredSample } from '@nnm/builder';
import type { FailureGroup } from '@nnm/profiler';
import { Args, Flags } from '@oclif/core';
import { failuresOf } from '../output/build-report.ts';
import { followStage } from '../output/progress.ts';
import { renderTable } from '../output/table.ts';
import { shortPath } from '../plugins/origin.ts';
import { runFlags } from '../run-flags.ts';
import { deviceChoice, deviceFlags, WorkspaceCommand } from '../workspace-command.ts';
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

/** `nnm profile [kernel...]` */
export default class Profile extends WorkspaceCommand {
  static override summary = 'Sample and measure the first round of kernels without training anything.';
  static override description =
    'The configurations are those that `nnm build` measures first, so nothing is measured twice: a later build takes them from the journal. Stopped and run again, it carries on.';
  static override examples = ['<%= config.bin %> <%= command.id %> conv-bn-relu', '<%= config.bin %> <%= command.id %> --budget 1h'];
  static override args = {
    kernel: Args.string({ description: 'Kernels to measure. Default: all that the workspace lists.', multiple: true }),
  };
  static override flags = {
    ...deviceFlags,
    ...runFlags,
    samples: Flags.integer({
      description: 'Configurations per kernel. Default: INIT_SAMPLE_NUM of the workspace.',
      min: 1,
      max: MAX_SAMPLE_NUM,
      helpValue: '<n>',
    }),
  };

  async run(): Promise<ProfileResult> {
    const { args, flags } = await this.parse(Profile);
    const { kernelSettings, labelledSamples, latencyFile } = await import('@nnm/builder');
    const { groupFailures } = await import('@nnm/profiler');
    const { measureFirstRound } = await import('../measure-first-round.ts');
    const setup = await this.openSetup(flags.workspace, deviceChoice(flags));
    await using run = await openRun(setup, { ...flags, kernels: args.kernel, signal: this.signal });
    for (const note of run.notes) this.note(note);
    if (run.missing.length > 0) process.exitCode = 1;
    const kernels: ProfileResult['kernels'][number][] = [];
    for (const kernel of run.kernels) {
      const settings = kernelSettings(kernel, run.context);
      const sampleNum = flags.samples ?? settings.initSampleNum;
      const samples = await followStage(measureFirstRound(kernel, sampleNum, run.context), { quiet: this.jsonEnabled() });
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
