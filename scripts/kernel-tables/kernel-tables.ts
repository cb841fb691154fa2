import { type AnyKernel, type ConfigRange, type KernelConfig, kernelFamily, type Plugin, PriorSampler } from '@nnm/core';

const BEGIN = '<!-- From the source, by npm run make:kernel-tables: -->';
const END = '<!-- End of what is from the source. -->';

/** Features that are what a number leaves over after whole vectors or tiles: `CIN_MOD_8`. */
const REMAINDER = /^(.+)_MOD_(\d+)$/;

/** A README with its tables of kernels and keys as the package has them. */
export function withKernelTables(readme: string, plugin: Plugin): string {
  const [before = '', rest = ''] = readme.split(BEGIN);
  const after = rest.split(END)[1];
  if (after === undefined) throw new Error(`the README has no place for tables: ${BEGIN} and ${END} on lines of their own`);
  const kernels = plugin.kernels ?? [];
  const count = `${kernels.length} kernels in ${new Set(kernels.map(kernelFamily)).size} families; kernels of a family share a predictor.`;
  return [before + BEGIN, '', count, '', familyTable(kernels), '', keyTable(kernels), '', END + after].join('\n');
}

function familyTable(kernels: readonly AnyKernel[]): string {
  const families = new Map<string, AnyKernel[]>();
  for (const kernel of kernels) families.set(kernelFamily(kernel), [...(families.get(kernelFamily(kernel)) ?? []), kernel]);
  return table(
    ['family', 'kernels', 'sampled around', 'features besides the configuration'],
    [...families].map(([family, members]) => {
      const names = new Set(
        members.flatMap(({ features: { featureNames, neededConfig } }) => {
          const own: readonly string[] = neededConfig;
          return featureNames.filter((name) => !own.includes(name));
        }),
      );
      return [`\`${family}\``, members.map(({ type }) => `\`${type}\``).join(' '), priorsOf(members), shortened([...names])];
    }),
  );
}

/** How many layers of how many networks kernels are sampled around; of each where they differ. */
function priorsOf(kernels: readonly AnyKernel[]): string {
  const counts = kernels.flatMap(({ sampler }) => {
    const prior = sampler instanceof PriorSampler ? (sampler as PriorSampler<KernelConfig>).options.prior : [];
    return 'rows' in prior
      ? `${prior.rows.length} layers of ${new Set(prior.rows.map(([name]) => name)).size} networks`
      : `${prior.length} shapes`;
  });
  return [...new Set(counts)].join('; ');
}

/** `CIN_MOD_4`, `CIN_MOD_8` as `CIN_MOD_4` `_8`. */
function shortened(names: readonly string[]): string {
  const written: string[] = [];
  let last: string | undefined;
  for (const name of names) {
    const [, of, by] = REMAINDER.exec(name) ?? [];
    written.push(of !== undefined && of === last ? `\`_${by}\`` : `\`${name}\``);
    last = of;
  }
  return written.join(' ');
}

function keyTable(kernels: readonly AnyKernel[]): string {
  const users = new Map<string, string[]>();
  for (const kernel of kernels) {
    for (const [key, range] of Object.entries(kernel.configSpace as Readonly<Record<string, ConfigRange>>)) {
      const row = [`\`${key}\``, acceptedBy(range), sampledOf(range)].join('|');
      users.set(row, [...(users.get(row) ?? []), kernel.type]);
    }
  }
  const keys = [...users].map(([row, types]) => ({ cells: row.split('|'), types }));
  keys.sort((a, b) => (a.cells[0]! < b.cells[0]! ? -1 : a.cells[0] === b.cells[0] ? 0 : 1));
  const isOnly = (key: string): boolean => keys.filter(({ cells }) => cells[0] === key).length === 1;
  return table(
    ['key', 'accepted', 'sampled', 'of'],
    keys.map(({ cells, types }) => [...cells, isOnly(cells[0]!) ? 'all that have it' : types.map((type) => `\`${type}\``).join(' ')]),
  );
}

const acceptedBy = ({ min, max, multipleOf = 1 }: ConfigRange): string =>
  `${min} to ${max}${multipleOf === 1 ? '' : `, multiples of ${multipleOf}`}`;

function sampledOf({ values, min, max }: ConfigRange): string {
  const chosen = values?.filter((value) => value >= min && value <= max);
  return chosen === undefined ? 'any' : chosen.join(', ');
}

/** A Markdown table. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
