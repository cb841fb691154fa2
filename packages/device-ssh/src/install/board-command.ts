import { runOnBoard } from './on-board.ts';

/** What the first words of a Node on a board say of it. */
export interface BoardAbout {
  /** Version of its Node.js. */
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
}

/**
 * Greets in JavaScript of any age, so that a Node that is too old still says so, then runs the program whose length (32 bits, little endian)
 * and text come on the standard input. No single quote and no exclamation mark: this stands in single quotes in whatever shell there is.
 */
const GREETING = [
  'var f=require("fs"),b=Buffer.alloc(4);',
  'function r(t){for(var g=0,n;g<t.length;g+=n){try{n=f.readSync(0,t,g,t.length-g,null)}catch(e){if(e.code==="EAGAIN"){n=0;continue}throw e}if(n===0)process.exit(0)}return t}',
  'f.writeSync(1,"\\n<nnm "+process.argv[1]+">\\n"+JSON.stringify({node:process.versions.node,platform:process.platform,arch:process.arch})+"\\n");',
  'r(b);var s=r(Buffer.alloc(b.readUInt32LE(0))).toString();(0,eval)(s)(require)',
].join('');

/** The command that starts it, for the shell of the board. @param node - see {@link shellWord} */
export function greetingCommand(node: string, token: string): string {
  return `exec ${shellWord(node)} -e '${GREETING}' ${token}`;
}

/** The command that starts an agent that is on the board. */
export function agentCommand(node: string, agent: string, token: string): string {
  return `exec ${shellWord(node)} ${shellWord(agent)} ${token}`;
}

/** The program that the greeting runs, as an expression. Compilers that name functions call a helper, which is not there. */
export function boardProgram(): string {
  return `(function(require){var __name=function(f){return f};(${runOnBoard.toString()})(require)})`;
}

/** A word that a shell takes as it is, with `~/` at its start as the user's folder. */
function shellWord(text: string): string {
  const quoted = (part: string): string => (/^[\w./@%+=:-]+$/.test(part) ? part : `'${part.replaceAll("'", `'\\''`)}'`);
  return text.startsWith('~/') ? `~/${quoted(text.slice(2))}` : quoted(text);
}
