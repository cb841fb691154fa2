import { UsageError } from '../errors.ts';

/**
 * Refuse what npm would not take for a package: an option, or text that a shell would take apart.
 *
 * @throws {@link UsageError}
 */
export function assertPackageSpecifier(specifier: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (specifier.trim() !== '' && !/^\s*-|["\u0000-\u001f]/.test(specifier)) return;
  throw new UsageError({
    message: `This is not the name, folder or tarball of a package: ${JSON.stringify(specifier)}.`,
    hint: 'Options are not passed on to npm. A folder whose name begins with - is written like ./-name.',
  });
}
