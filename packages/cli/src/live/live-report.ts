import { listKernelFiles, type PipelineEvent, readConfigFile } from '@nnm/builder';
import type { KernelConfig } from '@nnm/core';
import type { ProfileEvent } from '@nnm/profiler';
import {
  type KernelReport,
  type LiveMessage,
  type LiveState,
  type ReportDocument,
  readOneKernel,
  readWorkspaceReport,
  type WorkspaceReportOptions,
} from '@nnm/report';
import { describeEvent } from '../output/describe-event.ts';

/** Messages that are kept for the page. */
const MOST_MESSAGES = 8;

/** A report that grows with the events of a build. */
export class LiveReport {
  private state: LiveState = { messages: [], ended: false };
  private readonly kernels: Map<string, KernelReport>;
  private readonly changed = new Set<string>();
  /** Configurations of the kernel that is being measured, by id. */
  private configs = new Map<string, { readonly mark: string; readonly config: KernelConfig }>();

  private constructor(
    private readonly options: WorkspaceReportOptions,
    private readonly first: ReportDocument,
  ) {
    this.kernels = new Map(first.kernels.map((one) => [one.kernel, one]));
  }

  /** Begin with what the workspace holds already. @throws as `readWorkspaceReport` does */
  static async open(options: WorkspaceReportOptions): Promise<LiveReport> {
    return new LiveReport(options, await readWorkspaceReport(options));
  }

  /** All that is known by now. */
  get document(): ReportDocument {
    return { ...this.first, kernels: [...this.kernels.values()], problems: [] };
  }

  /** What has changed since it was last asked for. */
  takeMessage(): LiveMessage {
    const kernels = [...this.changed].flatMap((kernel) => this.kernels.get(kernel) ?? []);
    this.changed.clear();
    return { state: this.state, ...(kernels.length > 0 && { kernels }) };
  }

  /** Take one event of the build. */
  async add(event: PipelineEvent): Promise<void> {
    const message = describeEvent(event);
    if (message !== undefined) this.state = { ...this.state, messages: [...this.state.messages, message].slice(-MOST_MESSAGES) };
    if (event.type === 'stage') {
      const { kernel, mark, stage } = event;
      this.state = { messages: this.state.messages, ended: false, kernel, mark, stage: WORDS[stage] };
    } else if (event.type === 'graded') await this.renew(event.kernel);
    else if (event.type === 'profile') await this.addMeasured(event.kernel, event.event);
  }

  /** The build is over: everything is read once more, with the finished predictors. */
  async end(): Promise<void> {
    for (const kernel of this.options.kernels) await this.renew(kernel);
    this.state = { messages: this.state.messages, ended: true };
  }

  private async addMeasured(kernel: string, event: ProfileEvent): Promise<void> {
    if (event.type === 'started') this.configs = await this.readConfigs(kernel);
    else if (event.type === 'progress') {
      const { done, jobs, leftMs, quietShare } = event;
      this.state = { ...this.state, done, jobs, quietShare, ...(leftMs !== undefined && { leftMs }) };
    } else if (event.type === 'record' && event.record.status === 'ok') {
      const { id, stats, flags } = event.record;
      const known = this.configs.get(id);
      if (known === undefined) return;
      const report = this.kernels.get(kernel) ?? this.emptyReport(kernel);
      const row = {
        id,
        mark: known.mark,
        values: report.columns.map((key) => known.config[key] ?? Number.NaN),
        measuredMs: stats.latencyMs,
        flags,
      };
      this.kernels.set(kernel, { ...report, rows: [...report.rows.filter((other) => other.id !== id), row] });
      this.changed.add(kernel);
    }
  }

  private async renew(kernel: string): Promise<void> {
    this.kernels.set(kernel, await readOneKernel(kernel, this.options));
    this.changed.add(kernel);
  }

  /** A kernel of which the first configurations are being measured. */
  private emptyReport(type: string): KernelReport {
    const { registry } = this.options;
    const kernel = registry.kernel(type);
    const columns = Object.keys(kernel.configSpace as object);
    return {
      kernel: type,
      family: kernel.family ?? type,
      columns,
      keys: columns.length,
      rows: [],
      rounds: [],
      landscape: [],
      failures: [],
      problems: [],
    };
  }

  private async readConfigs(kernel: string): Promise<Map<string, { readonly mark: string; readonly config: KernelConfig }>> {
    const { workspace } = this.options;
    const found = new Map<string, { readonly mark: string; readonly config: KernelConfig }>();
    for (const file of (await listKernelFiles(workspace, kernel)).configs) {
      const mark = /_([^_]+)\.json$/.exec(file)?.[1] ?? '';
      for (const [id, { config }] of Object.entries((await readConfigFile(file, workspace.files))[kernel] ?? {}))
        found.set(id, { mark, config });
    }
    return found;
  }
}

const WORDS = { sample: 'choosing configurations of', convert: 'converting', profile: 'measuring', train: 'training' } as const;
