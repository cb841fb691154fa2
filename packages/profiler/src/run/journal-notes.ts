import type { JournalContent } from './journal.ts';
import type { LedgerStart } from './kernel-ledger.ts';

/**
 * What a user should know of a journal before a run goes on with it, as full sentences.
 *
 * @param start - `faster`: kernels whose record is of a time when the machine was faster
 */
export function journalNotes(start: LedgerStart & { readonly faster?: number }, content: JournalContent | undefined): readonly string[] {
  const { retried, hung, changed, unknownHash, faster = 0 } = start;
  const notes: string[] = [];
  if (changed > 0) {
    notes.push(
      `${kernels(changed, 'was', 'were')} measured when the block, IMPLEMENT or BATCH_SIZE was another one: those measurements do not count, and are made again.`,
    );
  }
  if (unknownHash > 0) {
    notes.push(
      `The latency of ${kernels(unknownHash, 'is', 'are')} taken from an older version's journal, which does not say what was measured: if a block, IMPLEMENT or BATCH_SIZE has changed since, measure again with \`--fresh\`.`,
    );
  }
  if (faster > 0) {
    notes.push(
      `${kernels(faster, 'was', 'were')} measured while this machine was faster than it is now, and what is measured now is not comparable: \`--fresh\` measures everything again.`,
    );
  }
  if (retried > 0)
    notes.push(`${kernels(retried, 'that failed', 'that failed')} in an earlier run ${retried === 1 ? 'is' : 'are'} tried again.`);
  if (hung > 0) {
    notes.push(
      `${hung} of them did not come to an end then: ${hung === 1 ? 'it comes' : 'they come'} last, and no other of that kind is tried once one hangs again.`,
    );
  }
  if (content === undefined) return notes;
  const { damagedLines, firstDamage, environment, kernels: known } = content;
  if (firstDamage !== undefined) {
    const lines = damagedLines === 1 ? '1 damaged line' : `${damagedLines} damaged lines`;
    notes.push(`${lines} of the journal had to be ignored; line ${firstDamage.line}: ${firstDamage.problem}.`);
  }
  if (environment === undefined && known.size > 0)
    notes.push('The journal does not say under which conditions its measurements were made.');
  return notes;
}

function kernels(count: number, one: string, many: string): string {
  return count === 1 ? `1 kernel ${one}` : `${count} kernels ${many}`;
}
