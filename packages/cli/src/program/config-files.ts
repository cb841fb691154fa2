/** Endings of nnm configs that are programs. */
export const PROGRAM_ENDINGS = ['.ts', '.mts', '.js', '.mjs', '.cjs'] as const;
/** Endings of nnm configs that are data. */
export const TEXT_ENDINGS = ['.json', '.yaml', '.yml'] as const;
/** All of them. */
export const CONFIG_ENDINGS: readonly string[] = [...PROGRAM_ENDINGS, ...TEXT_ENDINGS];

/** The file names in which a folder may have an nnm config, first found wins. */
export const CONFIG_FILES: readonly string[] = [
  ...PROGRAM_ENDINGS.map((ending) => `nnm.config${ending}`),
  'nnm.config.json',
  '.nnmrc',
  ...TEXT_ENDINGS.map((ending) => `.nnmrc${ending}`),
  ...PROGRAM_ENDINGS.map((ending) => `.nnmrc${ending}`),
  'package.json',
];
