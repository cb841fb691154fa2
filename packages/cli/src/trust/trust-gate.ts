import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NotTrustedError } from './errors.ts';
import { readTrust, realFolder, writeTrust } from './trust-store.ts';

/** Decides whether code that a folder brings along may run. */
export interface TrustGate {
  /**
   * @param folder - where the code, or the file that names it, lies
   * @param code - what would run, for people: the config file, or the plugins it names
   * @throws {@link NotTrustedError}
   */
  assertTrusted(folder: string, code: string): Promise<void>;
}

/** What a gate goes by. */
export interface TrustOptions {
  /** The word of this run, by flag; undefined leaves it to NNM_TRUST and what is remembered. */
  readonly flag?: boolean | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ask the user; absent where nobody can answer. Resolves to undefined without an answer. */
  readonly ask?: ((folder: string, code: string) => Promise<boolean | undefined>) | undefined;
}

/**
 * A gate that goes by the flag of this run, NNM_TRUST, what is remembered, and the user's answer, in this order. It asks once for each
 * folder, and the answer is remembered. A folder from which this very program is run, as a dependency of the project there, needs no word:
 * its code runs already.
 */
export function createTrustGate({ flag, env = process.env, ask }: TrustOptions = {}): TrustGate {
  const forAll = flag ?? parseSwitch(env.NNM_TRUST);
  const decided = new Map<string, Promise<boolean | undefined>>();
  const decide = async (folder: string, code: string): Promise<boolean | undefined> => {
    const remembered = (await readTrust())[folder];
    if (remembered === undefined && holdsThisProgram(folder)) return true;
    if (remembered !== undefined || ask === undefined) return remembered;
    const answer = await ask(folder, code);
    if (answer !== undefined) await writeTrust(folder, answer);
    return answer;
  };
  return {
    async assertTrusted(folder, code) {
      const real = await realFolder(folder);
      if (forAll === undefined && !decided.has(real)) decided.set(real, decide(real, code));
      const trusted = forAll ?? (await decided.get(real));
      if (trusted !== true) throw new NotTrustedError({ folder: real, code, refused: trusted === false });
    },
  };
}

function holdsThisProgram(folder: string): boolean {
  return fileURLToPath(import.meta.url).startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

function parseSwitch(text: string | undefined): boolean | undefined {
  if (/^(1|true|yes|on)$/i.test(text ?? '')) return true;
  return /^(0|false|no|off)$/i.test(text ?? '') ? false : undefined;
}
