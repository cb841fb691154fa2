/** What {@link shortfallNote} tells about. */
export interface Shortfall {
  readonly kernel: string;
  readonly asked: number;
  readonly got: number;
  /** Configurations that were measured before and so excluded. Default 0. */
  readonly excluded?: number;
}

/**
 * One sentence for the user when a sampler returned fewer configurations than asked for; undefined when it did not.
 *
 * A sampler returns fewer only when no others are left: every one within the kernel's ranges and the cost limits is in the
 * list, or was measured before.
 */
export function shortfallNote({ kernel, asked, got, excluded = 0 }: Shortfall): string | undefined {
  if (got >= asked) return undefined;
  const measured = excluded > 0 ? ` besides the ${excluded} measured before` : '';
  const found = got === 0 ? 'no configuration' : `only ${got} configuration${got === 1 ? '' : 's'}`;
  return `${kernel} has ${found} within its ranges and the cost limits${measured}; ${asked} were asked for. Raise the cost limits (MAX_FLOPS, MAX_BYTES) to get more.`;
}
