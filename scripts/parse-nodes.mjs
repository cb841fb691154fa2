/** The versions of Node that nnm supports. */
export const SUPPORTED_NODES = [20, 22, 24];

/**
 * Split a command line into the versions of Node that it names and what is for vitest.
 *
 * @param {readonly string[]} argv such as `['--nodes', '20,24', 'packages/core']`
 * @returns {{ nodes: readonly number[], rest: readonly string[] }} default: {@link SUPPORTED_NODES}
 */
export function parseNodes(argv) {
  const at = argv.findIndex((word) => word === '--nodes' || word.startsWith('--nodes='));
  if (at < 0) return { nodes: SUPPORTED_NODES, rest: argv };
  const isApart = argv[at] === '--nodes';
  const text = isApart ? argv[at + 1] : argv[at].slice('--nodes='.length);
  const nodes = (text ?? '').split(',').map((part) => (/^\s*v?\d+\s*$/.test(part) ? Number(part.trim().replace('v', '')) : Number.NaN));
  const unknown = nodes.filter((major) => !SUPPORTED_NODES.includes(major));
  if (unknown.length > 0)
    throw new Error(`--nodes must list some of ${SUPPORTED_NODES.join(', ')}, such as --nodes 20,24. Got ${JSON.stringify(text ?? '')}.`);
  return { nodes: [...new Set(nodes)], rest: [...argv.slice(0, at), ...argv.slice(at + (isApart ? 2 : 1))] };
}
