/**
 * How a backend runs an operator:
 * `native`: an optimised kernel of the runtime; `delegated`: a kernel of the delegate that is on by default (XNNPACK);
 * `reference kernel`: a kernel of the runtime's own, because its delegate does not take the operator;
 * `composed`: several operators of the runtime; `refused`: not at all.
 */
export type OperatorRun = 'native' | 'delegated' | 'reference kernel' | 'composed' | 'refused';

/** How a backend runs an operator, and what to know about it. */
export interface OperatorSupport {
  readonly runs: OperatorRun;
  /** Which of the runtime's operators it becomes, and when it is otherwise. */
  readonly note?: string;
}
