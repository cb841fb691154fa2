/** Options of nn-Meter's program, and the commands of nnm that answer them. */
const ORIGINAL: Readonly<Record<string, readonly string[]>> = {
  '--list-kernels': ['kernels'],
  '--list-backends': ['backends'],
  '--list-predictors': ['status'],
  '--list-testcases': ['fusion', 'cases'],
};

/** A command line of nn-Meter's words as one of nnm's: `--list-kernels --json` is `kernels --json`; any other as it is. */
export function translateOriginal(argv: readonly string[]): readonly string[] {
  const [first = '', ...rest] = argv;
  return Object.hasOwn(ORIGINAL, first) ? [...(ORIGINAL[first] as readonly string[]), ...rest] : argv;
}
