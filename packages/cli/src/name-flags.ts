import { Flags } from '@oclif/core';

/** `--kernel <name>`; in shells that know them, the names complete. */
export function kernelFlag({ description }: { readonly description: string }) {
  return Flags.string({ char: 'k', description, helpValue: '<kernel>' });
}
