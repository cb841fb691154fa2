import { NnmCommand } from '../../base-command.ts';
import { fusionCases } from '../../fusion-cases.ts';
import { renderTable } from '../../output/table.ts';

interface CaseEntry {
  readonly id: string;
  readonly group: string;
  readonly description: string;
  /** Absent for those that come with nnm. */
  readonly plugin?: string;
}

/** `nnm fusion cases` */
export default class FusionCases extends NnmCommand {
  static override summary = 'List the cases that `nnm fusion detect` measures: which operators a runtime may run as one.';
  static override description =
    'Pairs of operators, a value that several operators read, and an operand that is ready before. A plugin adds cases of its own as `fusionCases`.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<readonly CaseEntry[]> {
    await this.parse(FusionCases);
    const { registry } = await this.discover();
    const entries = fusionCases(registry).map(({ value: { id, group, description }, plugin }) => ({
      id,
      group,
      description,
      ...(plugin !== undefined && { plugin }),
    }));
    const rows = entries.map(({ id, group, description, plugin }) => [id, group, description, plugin ?? 'nnm']);
    this.log(renderTable([{ title: 'CASE' }, { title: 'GROUP' }, { title: 'ASKS' }, { title: 'FROM' }], rows, this.paint));
    return entries;
  }
}
