import { NnmError } from '@nnm/core';
import type { CheckReport } from './check-plugin.ts';
import { countFailures } from './render-check.ts';

/** A plugin does not meet the contract; what is not met has been printed before, and is in `details`. */
export class ContractNotMetError extends NnmError {
  constructor(details: { subject: string; reports: readonly CheckReport[]; hint: string }) {
    const count = countFailures(details.reports);
    super({
      code: 'ERR_CONTRACT_NOT_MET',
      message: `${details.subject} does not meet ${count} requirement${count === 1 ? '' : 's'} of the contract.`,
      hint: details.hint,
      details: { subject: details.subject, reports: details.reports },
    });
  }
}
