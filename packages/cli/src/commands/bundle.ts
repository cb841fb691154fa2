import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Json } from '@nnm/core';
import { Flags } from '@oclif/core';
import { formatBytes } from '../output/model-table.ts';
import { countOf } from '../output/quantities.ts';
import { shortPath } from '../plugins/origin.ts';
import { WorkspaceCommand } from '../workspace-command.ts';

interface BundleResult {
  readonly workspace: string;
  readonly bundle: string;
  readonly bytes: number;
  readonly backend: string;
  /** Families whose predictors are in it. */
  readonly families: readonly string[];
  readonly isCalibrated: boolean;
  /** Predictors that do not go together. */
  readonly problems: readonly string[];
}

/** `nnm bundle` */
export default class BundleCommand extends WorkspaceCommand {
  static override summary = 'Put everything that predicts whole models into one file.';
  static override description =
    'The file holds the predictors of a workspace, the rules of what its runtime runs as one, the estimate of what has no predictor, the calibration by whole networks (`nnm build --networks`) and where it was all measured. `nnm predict model.onnx --predictor <file>` and `parseBundle` of @nnm/model read it, in web pages too.';
  static override examples = ['<%= config.bin %> <%= command.id %> -w phone -o phone.nnm.json'];
  static override flags = {
    output: Flags.string({
      char: 'o',
      description: 'The file to write. Default: the backend, `<backend>.nnm.json`.',
      helpValue: '<file>',
    }),
  };

  async run(): Promise<BundleResult> {
    const { flags } = await this.parse(BundleCommand);
    const [{ bundleRules, serialiseBundle, workspaceBundle, workspaceEstimate }, { NoPredictorsError }] = await Promise.all([
      import('@nnm/model'),
      import('../models/open-predictors.ts'),
    ]);
    const { workspace, config, discovery } = await this.openSetup(flags.workspace, { needsBackend: false });
    const setting = { registry: discovery.registry, workspace, ...config };
    const { bundle, problems } = await workspaceBundle(setting);
    for (const problem of problems) this.caution(problem);
    if (bundle.predictors.size === 0) throw new NoPredictorsError({ place: shortPath(workspace.folder) });
    if (bundle.calibration === undefined) this.note('There is no calibration by whole networks; `nnm build --networks` makes one.');
    const rules = bundleRules(bundle) as unknown as Json;
    const text = serialiseBundle({ ...bundle, rules, estimate: await workspaceEstimate(setting) });
    const file = path.resolve(flags.output ?? `${bundle.backend}.nnm.json`);
    writeFileSync(file, text);
    const families = [...bundle.predictors.keys()];
    const bytes = Buffer.byteLength(text);
    this.log(`${countOf(families.length, 'predictor')} of ${bundle.backend} in ${shortPath(file)} (${formatBytes(bytes)})`);
    return {
      workspace: workspace.folder,
      bundle: file,
      bytes,
      backend: bundle.backend,
      families,
      isCalibrated: bundle.calibration !== undefined,
      problems,
    };
  }
}
