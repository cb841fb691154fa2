const ID = /^[a-z0-9]+([_-][a-z0-9]+)*$/;
/** Names that a workspace gives its own files: `<kernel>_prior.json`, `profiled_<kernel>.json`. */
const FILE_NAME = /^profiled(_|$)|_(prior|holdout|initial|imported|finegrained\d*)$/;

/** What an id must be, for errors: follows "must be". */
export const ID_RULE = 'lower-case letters and digits, with - or _ between them, such as my-kernel or mykernel_tf';

/** True for an id of a kernel, family or backend: {@link ID_RULE}. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && ID.test(text);
}

/**
 * What keeps a text from being the id of a kernel or family; undefined when nothing does.
 *
 * Ids that read like the names of a workspace's files would make two kernels share one.
 */
export function kernelIdProblem(text: unknown): string | undefined {
  if (!isId(text)) return `must be ${ID_RULE}; got ${JSON.stringify(text)}`;
  if (FILE_NAME.test(text))
    return `must not begin with profiled_ or end like a round (_prior, _finegrained1): files are named so; got "${text}"`;
  return undefined;
}
