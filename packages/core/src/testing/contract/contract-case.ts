import { NnmError } from '../../errors/index.ts';

/** One named requirement of a contract. `run` throws a {@link ContractViolationError} when it is not met. */
export interface ContractCase {
  readonly name: string;
  run(): void | Promise<void>;
}

/** What came of one case. */
export interface ContractResult {
  readonly name: string;
  /** Absent when the requirement is met. */
  readonly error?: Error;
}

/** A kernel, backend or regressor does not do what its interface promises. */
export class ContractViolationError extends NnmError {
  constructor(details: { subject: string; problem: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_CONTRACT_VIOLATION',
        message: `${details.subject} ${details.problem}.`,
        hint: `Correct ${details.subject} and run the contract suite again.`,
        details,
      },
      options,
    );
  }
}

/** Throws unless `condition` holds. */
export type Require = (condition: boolean, problem: string) => void;

/** A {@link Require} whose errors name what is being checked. */
export function requirementsOf(subject: string): Require {
  return (condition, problem) => {
    if (!condition) throw new ContractViolationError({ subject, problem });
  };
}

/**
 * Run all cases one after the other; a failed case is a result, not an exception.
 *
 * @param onResult - called after each case
 */
export async function runContract(
  cases: readonly ContractCase[],
  onResult?: (result: ContractResult) => void,
): Promise<readonly ContractResult[]> {
  const results: ContractResult[] = [];
  for (const { name, run } of cases) {
    const result = await Promise.resolve()
      .then(run)
      .then(
        (): ContractResult => ({ name }),
        (error: unknown): ContractResult => ({ name, error: error instanceof Error ? error : new Error(String(error)) }),
      );
    results.push(result);
    onResult?.(result);
  }
  return results;
}
