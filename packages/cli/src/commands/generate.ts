import { join, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { UsageError } from '../errors.ts';
import { countOf } from '../output/quantities.ts';
import { shortPath } from '../plugins/origin.ts';
import { rowFlags, StageCommand, stageFlags } from '../stages/stage-command.ts';
import { type StageFailure, StageFailures } from '../stages/stage-failures.ts';
import { readStageItems } from '../stages/stage-files.ts';
import { openStageFolder } from '../stages/stage-folder.ts';
import { graphOfItem, nameOfItem, rowOfItem } from '../stages/stage-items.ts';
import type { StageRow } from '../stages/stage-row.ts';

interface GenerateResult {
  readonly folder: string;
  readonly index: string;
  readonly rows: readonly StageRow[];
  readonly failures: readonly StageFailure[];
}

/** `nnm generate <rows...>` */
export default class Generate extends StageCommand {
  static override summary = 'Build the kernel graphs of configurations and write them as files.';
  static override description =
    'A graph is a framework-free description of a model as JSON, `<kernel>_<mark>_<id>.json`; what each is of stands in samples.jsonl beside them. `nnm convert` makes models of a runtime of them. Configurations that the kernel cannot build are named and left out; the command then ends with 1.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> configs.jsonl --output graphs',
    '<%= config.bin %> <%= command.id %> configs.csv --kernel conv-bn-relu --output graphs',
    '<%= config.bin %> sample conv-bn-relu -n 10 | <%= config.bin %> <%= command.id %> - --output graphs',
  ];
  static override args = {
    rows: Args.string({ description: 'Files of configurations; `-` is standard input.', required: true, multiple: true }),
  };
  static override flags = {
    ...rowFlags,
    implement: stageFlags.implement,
    'batch-size': stageFlags['batch-size'],
    output: Flags.string({ char: 'o', required: true, description: 'Folder to write; made where it is missing.', helpValue: '<folder>' }),
  };

  async run(): Promise<GenerateResult> {
    const { args, flags } = await this.parse(Generate);
    const { writeJsonFile } = await import('@nnm/builder');
    const setup = await this.openStage(flags, false);
    const items = await readStageItems(args.rows, setup.registry, { kernel: flags.kernel, format: flags['input-format'] });
    const folder = openStageFolder(resolve(flags.output));
    const failures = new StageFailures();
    for (const item of items) {
      if (item.kind !== 'config') {
        throw new UsageError({
          message: `${shortPath(item.file)} is a ${item.kind} already.`,
          hint: 'Give rows of configurations, such as `nnm sample` writes.',
        });
      }
      const row = rowOfItem({ mark: 'given', ...item }, setup, folder.takenIds(item.kernel ?? ''));
      await failures.gather(row, async () => {
        const model = `${nameOfItem(row)}.json`;
        await writeJsonFile(join(folder.path, model), await graphOfItem(item, setup));
        folder.add({ ...row, model });
      });
    }
    const index = await folder.finish();
    this.log(`${countOf(folder.rows.length, 'graph')} in ${shortPath(folder.path)}`);
    failures.tell((text) => this.caution(text), 'could not be built');
    return { folder: folder.path, index, rows: folder.rows, failures: failures.list };
  }
}
