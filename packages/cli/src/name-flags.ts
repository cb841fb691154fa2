import { Flags } from '@oclif/core';

// In shells the values of these flags complete: that goes by their `helpValue`.

/** `--kernel <name>` */
export function kernelFlag({ description }: { readonly description: string }) {
  return Flags.string({ char: 'k', description, helpValue: '<kernel>' });
}

/** `--kernel <name>`, which may be given more than once. */
export function kernelsFlag({ description }: { readonly description: string }) {
  return Flags.string({ char: 'k', multiple: true, description, helpValue: '<kernel>' });
}
