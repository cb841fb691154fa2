import { join, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { countOf } from '../output/quantities.ts';
import { shortPath } from '../plugins/origin.ts';
import { rowFlags, StageCommand, stageFlags } from '../stages/stage-command.ts';
import { type StageFailure, StageFailures } from '../stages/stage-failures.ts';
import { readStageItems } from '../stages/stage-files.ts';
import { openStageFolder } from '../stages/stage-folder.ts';
import { graphOfItem, nameOfItem, rowOfItem } from '../stages/stage-items.ts';
import type { StageRow } from '../stages/stage-row.ts';

interface ConvertResult {
  readonly backend: string;
  readonly implement: string;
  readonly folder: string;
  readonly index: string;
  readonly rows: readonly StageRow[];
  readonly failures: readonly StageFailure[];
}

/** `nnm convert <graphs...>` */
export default class Convert extends StageCommand {
  static override summary = 'Convert kernel graphs, or configurations, to model files of a backend (.tflite, .onnx).';
  static override description =
    'What each model is of stands in samples.jsonl beside them, so that `nnm profile` hands kernel and configuration on. A graph that the backend cannot convert is named and left out; the command then ends with 1.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> graphs --backend tflite_cpu --output models',
    '<%= config.bin %> <%= command.id %> configs.jsonl --backend torch_cpu --output models',
    '<%= config.bin %> <%= command.id %> graphs/conv-bn-relu_prior_K2H7QX.json --backend tflite_cpu --output models',
  ];
  static override args = {
    graphs: Args.string({
      description: 'Folders and files of graphs, or files of configurations; `-` is standard input.',
      required: true,
      multiple: true,
    }),
  };
  static override flags = {
    ...rowFlags,
    backend: stageFlags.backend,
    implement: stageFlags.implement,
    'batch-size': stageFlags['batch-size'],
    output: Flags.string({ char: 'o', required: true, description: 'Folder to write; made where it is missing.', helpValue: '<folder>' }),
  };

  async run(): Promise<ConvertResult> {
    const { args, flags } = await this.parse(Convert);
    const [{ writeWholeFile }, { throwIfAborted }] = await Promise.all([import('@nnm/builder'), import('@nnm/core')]);
    const setup = await this.openStage(flags, true);
    const { backend } = setup.backend;
    const items = await readStageItems(args.graphs, setup.registry, {
      kernel: flags.kernel,
      format: flags['input-format'],
      modelExtension: backend.modelExtension,
    });
    const folder = openStageFolder(resolve(flags.output));
    const failures = new StageFailures();
    for (const item of items) {
      const row = rowOfItem(item, setup, folder.takenIds(item.kernel ?? ''));
      await failures.gather(row, async () => {
        throwIfAborted(this.signal, 'Converting');
        const graph = await graphOfItem(item, setup);
        const model = `${nameOfItem(row)}${backend.modelExtension}`;
        await writeWholeFile(join(folder.path, model), await backend.convert(graph, setup.implement, 'part'));
        folder.add({ ...row, model, backend: backend.id, implement: setup.implement });
      });
    }
    const index = await folder.finish();
    this.log(`${countOf(folder.rows.length, 'model')} for ${backend.id} in ${shortPath(folder.path)}`);
    failures.tell((text) => this.caution(text), 'could not be converted');
    return { backend: backend.id, implement: setup.implement, folder: folder.path, index, rows: folder.rows, failures: failures.list };
  }
}
