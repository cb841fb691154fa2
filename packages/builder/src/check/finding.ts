/** Something that a check of a workspace found. */
export interface Finding {
  /** The file concerned, relative to the workspace; a folder ends with `/`. */
  readonly file: string;
  /** `fault`: something is wrong. `note`: worth knowing, and as it should be. */
  readonly kind: 'fault' | 'note';
  readonly problem: string;
  /** What may be done about it; absent when nothing has to be. */
  readonly remedy?: string;
  /** Whether `--repair` puts it right: it is safe, because everything removed or written can be made from what stays. */
  readonly repairable: boolean;
  /** It has been put right. */
  readonly repaired?: boolean;
}

/** A finding with its repair, before it is decided whether to repair. */
export interface Found extends Omit<Finding, 'repairable' | 'repaired'> {
  readonly repair?: () => Promise<void>;
}
