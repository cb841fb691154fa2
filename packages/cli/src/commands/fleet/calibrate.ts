import { generateConfigSample, kernelGraph, type PipelineContext } from '@nnm/builder';
import { graphHash, NnmError, Rng } from '@nnm/core';
import type { ComparedFleet } from '@nnm/fleet';
import { type ProfileJob, referenceGraph } from '@nnm/profiler';
import { Flags } from '@oclif/core';
import { allKernels } from '../../default-kernels.ts';
import { openBudget } from '../../duration.ts';
import { importFleet } from '../../fleet/import-fleet.ts';
import { classFlag, queueFlag, requireQueue } from '../../fleet/queue-flags.ts';
import { countOf } from '../../output/quantities.ts';
import { runFlags } from '../../run-flags.ts';
import { StageCommand, stageContext, stageFlags } from '../../stages/stage-command.ts';

const KERNELS = 24;
/** Configurations of one kernel: few of many kinds tell more than many of one. */
const OF_ONE = 4;

/** `nnm fleet calibrate` */
export default class FleetCalibrate extends StageCommand {
  static override summary = 'Measure the same kernels on all devices of a class, and let those that agree share the kernels of a build.';
  static override description =
    'Two devices of one class need not be equally fast: one may be hotter, or throttled. Devices agree when the median of their ratios, with its interval, lies within 5 %, and nine of ten kernels within 10 %. What was found is kept in Redis until the next time.';
  static override examples = ['<%= config.bin %> <%= command.id %> --queue redis://build-host:6379 --workspace phone'];
  static override flags = {
    queue: queueFlag,
    class: classFlag(),
    ...stageFlags,
    budget: runFlags.budget,
    kernels: Flags.integer({
      min: 6,
      max: 1000,
      default: KERNELS,
      description: 'Configurations to measure on every device.',
      helpValue: '<n>',
    }),
  };

  async run(): Promise<ComparedFleet> {
    const { flags } = await this.parse(FleetCalibrate);
    const url = requireQueue(flags);
    const { compareFleet, describeOffset } = await importFleet();
    const setup = await this.openStage(flags, true);
    const { budgetMs } = openBudget(flags.budget);
    const context = stageContext(setup, { signal: this.signal });
    const jobs = comparisonJobs(flags.kernels, context);
    this.note(`${countOf(jobs.length, 'kernel')} are measured on every device.`);
    const compared = await compareFleet({
      url,
      class: flags.class,
      jobs,
      profiler: {
        backend: context.backend,
        settings: context.settings,
        referenceModel: () => context.backend.convert(referenceGraph(context.backend), context.implement),
        rng: new Rng(context.seed).fork('fleet'),
        signal: this.signal,
        budgetMs,
      },
      onEvent: (device, event) => {
        if (event.type === 'waiting') this.note(`${device}: ${event.reason}`);
        if (event.type === 'progress' && this.isVerbose) this.note(`${device}: ${event.done} of ${event.jobs}`);
      },
    });
    const { reference, devices } = compared.comparison;
    for (const offset of devices) {
      const verdict = offset.agrees ? this.paint.green('agrees') : this.paint.yellow('does not agree');
      this.log(`${describeOffset(offset, reference)}: ${verdict}`);
    }
    const sharing = devices.filter(({ agrees }) => agrees).map(({ device }) => device);
    this.log(
      sharing.length > 0
        ? `\n${[reference, ...sharing].join(', ')} share the kernels of builds from now on.`
        : '\nNo two devices agree: the kernels of a build stay on one.',
    );
    return compared;
  }
}

/** Configurations of different kernels, the workspace's own first; what cannot be sampled or built is left out. */
function comparisonJobs(count: number, context: PipelineContext): readonly ProfileJob[] {
  const { registry, implement, backend } = context;
  const listed = [...context.kernels.keys()];
  const types = listed.length > 0 ? listed : allKernels(registry, implement).map(({ type }) => type);
  const each = Math.max(OF_ONE, Math.ceil(count / types.length));
  const jobs: ProfileJob[] = [];
  for (const type of new Rng(context.seed).fork('kernels').shuffle(types)) {
    if (jobs.length >= count) break;
    for (const { id, config } of samplesOf(type, Math.min(each, count - jobs.length), context)) {
      const graph = kernelGraph(registry.kernel(type), config, context);
      jobs.push({ id: `${type}/${id}`, hash: graphHash(graph, context), model: () => backend.convert(graph, implement, 'part') });
    }
  }
  return jobs;
}

function samplesOf(type: string, count: number, context: PipelineContext): ReturnType<typeof generateConfigSample> {
  try {
    return generateConfigSample(type, count, { mark: 'fleet', samplingType: 'prior' }, context);
  } catch (error) {
    if (NnmError.isInstance(error)) return [];
    throw error;
  }
}
