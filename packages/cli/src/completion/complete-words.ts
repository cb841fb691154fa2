/** A command as completion needs to know it: a part of oclif's own description. */
export interface KnownCommand {
  /** Words apart by `:`. */
  readonly id: string;
  readonly summary?: string | undefined;
  readonly hidden?: boolean | undefined;
  readonly flags: Readonly<Record<string, KnownFlag>>;
  readonly args: Readonly<Record<string, { readonly name: string; readonly multiple?: boolean; readonly options?: readonly string[] }>>;
}

/** A flag of a command. */
export interface KnownFlag {
  readonly name: string;
  readonly char?: string | undefined;
  readonly type: 'boolean' | 'option';
  readonly allowNo?: boolean;
  readonly hidden?: boolean | undefined;
  readonly description?: string | undefined;
  readonly helpValue?: string | readonly string[] | undefined;
  readonly options?: readonly string[] | undefined;
}

/** What the names of kernels and backends are asked for by. */
export type NameKind = 'kernel' | 'backend';

/** Something that may stand at the cursor. */
export interface Completion {
  readonly value: string;
  readonly description: string;
}

/** What fits, and whether names of files fit too. */
export interface Completions {
  readonly values: readonly Completion[];
  readonly files: boolean;
}

/**
 * What may stand in place of the last word of a command line.
 *
 * @param words - behind the name of the program; the last one is the word at the cursor, which may be empty
 * @param namesOf - the kernels or backends that apply here; asked only where they fit
 */
export async function completeWords(
  words: readonly string[],
  commands: readonly KnownCommand[],
  namesOf: (kind: NameKind) => Promise<readonly Completion[]>,
): Promise<Completions> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const shown = commands.filter(({ hidden }) => !hidden);
  const { command, rest } = findCommand(before, shown);
  const next = rest.length === 0 ? nextWords(before, current, shown) : [];
  if (command === undefined) return { values: next, files: false };
  const flags = Object.values(command.flags).filter(({ hidden }) => !hidden);
  const values = async (completions: readonly Completion[]): Promise<Completions> => ({
    values: startingWith(completions, current),
    files: false,
  });

  const given = /^--([\w-]+)=(.*)$/.exec(current);
  const flag = given === null ? valueFlag(before.at(-1), flags) : flags.find(({ name }) => name === given[1]);
  if (flag !== undefined) {
    const prefix = given === null ? '' : `--${flag.name}=`;
    const found = await flagValues(flag, current.slice(prefix.length), namesOf);
    return {
      values: startingWith(
        found.values.map((one) => ({ ...one, value: `${prefix}${one.value}` })),
        current,
      ),
      files: found.files,
    };
  }
  if (current.startsWith('-')) return values(flagNames(flags));
  const arg = argAt(command, rest, flags);
  if (arg === undefined) return { values: next, files: false };
  const options = arg.options?.map((value) => ({ value, description: '' }));
  const names = options ?? (arg.name === 'kernel' ? await namesOf('kernel') : []);
  return { values: [...next, ...startingWith(names, current)], files: true };
}

/** The longest command that the words begin with, and what follows it. */
function findCommand(words: readonly string[], commands: readonly KnownCommand[]) {
  for (let length = Math.min(words.length, 3); length > 0; length--) {
    const command = commands.find(({ id }) => id === words.slice(0, length).join(':'));
    if (command !== undefined) return { command, rest: words.slice(length) };
  }
  return { command: undefined, rest: [] };
}

/** The words that commands may go on with. */
function nextWords(before: readonly string[], current: string, commands: readonly KnownCommand[]): readonly Completion[] {
  const found = new Map<string, string>();
  for (const { id, summary = '' } of commands) {
    const parts = id.split(':');
    const word = parts[before.length];
    if (word === undefined || before.some((one, index) => one !== parts[index])) continue;
    if (parts.length === before.length + 1 || !found.has(word)) found.set(word, parts.length === before.length + 1 ? summary : `${word} …`);
  }
  return startingWith(
    [...found].map(([value, description]) => ({ value, description })),
    current,
  );
}

/** The flag whose value the next word is. */
function valueFlag(word: string | undefined, flags: readonly KnownFlag[]): KnownFlag | undefined {
  if (word === undefined || !word.startsWith('-')) return undefined;
  return flags.find(({ name, char, type }) => type === 'option' && (word === `--${name}` || word === `-${char}`));
}

async function flagValues(
  { options, helpValue = '' }: KnownFlag,
  current: string,
  namesOf: (kind: NameKind) => Promise<readonly Completion[]>,
): Promise<Completions> {
  if (options !== undefined) return { values: options.map((value) => ({ value, description: '' })), files: false };
  const kind = /^<(kernel|backend)(,….*)?>$/.exec(String(helpValue))?.[1] as NameKind | undefined;
  if (kind === undefined) return { values: [], files: /file|folder|yaml|workspace/.test(String(helpValue)) };
  const names = await namesOf(kind);
  // Of a list the last name is at the cursor
  const listed = String(helpValue).includes(',') ? current.slice(0, current.lastIndexOf(',') + 1) : '';
  return { values: names.map((one) => ({ ...one, value: `${listed}${one.value}` })), files: false };
}

function flagNames(flags: readonly KnownFlag[]): readonly Completion[] {
  return flags.flatMap(({ name, char, allowNo, description = '' }): readonly Completion[] => [
    { value: `--${name}`, description },
    ...(allowNo ? [{ value: `--no-${name}`, description }] : []),
    ...(char === undefined ? [] : [{ value: `-${char}`, description }]),
  ]);
}

/** The argument that is at the cursor. */
function argAt({ args }: KnownCommand, rest: readonly string[], flags: readonly KnownFlag[]) {
  const list = Object.values(args);
  let place = 0;
  for (const [index, word] of rest.entries()) {
    if (word.startsWith('-') && word !== '-') continue;
    if (valueFlag(rest[index - 1], flags) === undefined) place++;
  }
  const last = list.at(-1);
  return list[place] ?? (last?.multiple ? last : undefined);
}

function startingWith(completions: readonly Completion[], start: string): readonly Completion[] {
  return completions.filter(({ value }) => value.startsWith(start));
}
