import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { runToEnd } from '@nnm/core';
import { Flags } from '@oclif/core';
import { UsageError } from '../../errors.ts';
import { chooseCases } from '../../fusion-cases.ts';
import { countOf } from '../../output/quantities.ts';
import { renderTable } from '../../output/table.ts';
import { shortPath } from '../../plugins/origin.ts';
import { SEED_VARIABLE } from '../../run-flags.ts';
import { backendFlag, deviceFlags, WorkspaceCommand } from '../../workspace-command.ts';

interface DetectResult {
  readonly backend: string;
  readonly file: string;
  readonly cases: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly savedMs?: number;
    readonly marginMs?: number;
    readonly limitMs?: number;
    readonly error?: string;
  }[];
}

const TO_USE = 'Put the file into a workspace, as predictor_build/networks/fusion-rules.json, to predict by it.';

/** `nnm fusion detect` */
export default class FusionDetect extends WorkspaceCommand {
  static override summary = 'Find out by timing which operators the runtime of a backend runs as one, and write rules.';
  static override description =
    'Every case is measured as models of its operators alone and as one model. They run as one when that saves more than half of what the fastest of them takes; the intervals of the latencies decide, and what they cannot tell is undecided and gets no rule. In a workspace whose backend nnm has no rules for, models are taken apart by the rules from then on.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --workspace my-workspace',
    '<%= config.bin %> <%= command.id %> --backend tflite_cpu --pairs conv2d+relu,conv2d+hswish',
  ];
  static override flags = {
    ...deviceFlags,
    backend: backendFlag(),
    pairs: Flags.string({
      description: 'Cases to measure, separated by commas; see `nnm fusion cases`. Default: all.',
      helpValue: '<case,…>',
    }),
    output: Flags.string({
      char: 'o',
      description:
        'File to write, which must not be there yet. Default: the rules of the workspace where nnm has none for its backend, else fusion_<backend>.json in the current folder.',
      helpValue: '<file>',
    }),
    seed: Flags.integer({ description: 'Seed of the order of the measurements.', default: 1, helpValue: '<n>', env: SEED_VARIABLE }),
  };

  async run(): Promise<DetectResult> {
    const { flags } = await this.parse(FusionDetect);
    const { builtInRules, detectFusions, writeRules } = await import('@nnm/model');
    const { backend, settings, workspace } = await this.chooseBackend(flags);
    const { registry } = await this.discover();
    const cases = chooseCases(registry, flags.pairs?.split(','));
    const isKnown = builtInRules(backend.id)[0].chains.length > 0;
    const target = flags.output === undefined && !isKnown ? workspace : undefined;
    let file = resolve(flags.output ?? `fusion_${backend.id}.json`);
    if (target === undefined && existsSync(file)) {
      throw new UsageError({ message: `${shortPath(file)} is already there.`, hint: 'Name another file with --output.' });
    }
    const [implement] = backend.implement;
    this.note(`Measuring ${countOf(cases.length, 'case')} on ${backend.id}; nothing else should run here meanwhile.`);
    const found = await runToEnd(detectFusions(cases, { backend, settings, implement, seed: flags.seed, signal: this.signal }));
    if (target !== undefined) file = await writeRules(target, found.rules);
    else await writeFile(file, `${JSON.stringify(found.rules, null, 2)}\n`, { flag: 'wx' });
    const entries = found.cases.map(({ case: { id }, answer, error }) => ({
      id,
      verdict: answer?.verdict ?? 'failed',
      ...answer,
      ...(error !== undefined && { error }),
    }));
    const microseconds = (ms: number | undefined): string => (ms === undefined ? '' : (1000 * ms).toFixed(1));
    const rows = entries.map((entry) => [
      entry.id,
      entry.verdict,
      microseconds(entry.savedMs),
      microseconds(entry.marginMs),
      microseconds(entry.limitMs),
      entry.error ?? '',
    ]);
    const right = { align: 'right' as const };
    const columns = [
      { title: 'CASE' },
      { title: 'RUNS AS' },
      { title: 'SAVED µs', ...right },
      { title: '± µs', ...right },
      { title: 'LIMIT µs', ...right },
    ];
    this.log(renderTable([...columns, { title: 'ERROR' }], rows, this.paint));
    this.log(`\n${countOf(found.rules.chains.length, 'rule')} in ${shortPath(file)}`);
    if (target !== undefined) this.log('Models are predicted by them from now on, by this workspace and bundles of it.');
    else if (isKnown) this.note(`Models are predicted by the rules that nnm has of ${backend.id}. ${TO_USE}`);
    else this.note(TO_USE);
    return { backend: backend.id, file, cases: entries };
  }
}
