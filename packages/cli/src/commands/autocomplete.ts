import { script } from '@bomb.sh/tab';
import { Args } from '@oclif/core';
import { NnmCommand } from '../base-command.ts';
import { renderFacts } from '../output/table.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
type Shell = (typeof SHELLS)[number];

/** Where each shell wants the script. */
const SET_UP: Readonly<Record<Shell, string>> = {
  bash: 'nnm autocomplete bash > ~/.local/share/bash-completion/completions/nnm',
  zsh: 'source <(nnm autocomplete zsh)   (in ~/.zshrc, behind compinit)',
  fish: 'nnm autocomplete fish > ~/.config/fish/completions/nnm.fish',
  powershell: 'nnm autocomplete powershell | Out-String | Invoke-Expression   (in $PROFILE)',
};

/** `nnm autocomplete [shell]` */
export default class Autocomplete extends NnmCommand {
  static override summary = 'Write the script that completes commands, flags, and names of kernels and backends in a shell.';
  static override description =
    'The script asks nnm at every Tab, so that names of plugins of the project of the current folder complete too, as far as their code may run there (see `nnm trust`): nothing has to be written again when they change.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> bash > ~/.local/share/bash-completion/completions/nnm',
  ];
  static override args = {
    shell: Args.option({ options: SHELLS, description: 'Shell to write the script for. Default: say how each is set up.' })(),
  };

  async run(): Promise<{ readonly shells: Readonly<Record<Shell, string>> } | { readonly shell: Shell; readonly script: string }> {
    const { args } = await this.parse(Autocomplete);
    const { shell } = args;
    if (shell === undefined) {
      this.log(renderFacts(Object.entries(SET_UP), this.paint));
      return { shells: SET_UP };
    }
    const text = scriptOf(shell, this.config.bin);
    this.data(text);
    return { shell, script: text };
  }
}

/** What the script for bash takes from the package bash-completion, for where that is not installed. */
const BASH_WORDS = `if ! declare -F _get_comp_words_by_ref > /dev/null; then
  _get_comp_words_by_ref() {
    cur=\${COMP_WORDS[COMP_CWORD]}
    prev=\${COMP_WORDS[COMP_CWORD-1]}
    words=("\${COMP_WORDS[@]}")
    cword=$COMP_CWORD
  }
fi
`;

/** The library writes its script to stdout. */
function scriptOf(shell: Shell, bin: string): string {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => void lines.push(line);
  try {
    script(shell, bin, bin);
  } finally {
    console.log = log;
  }
  return `${shell === 'bash' ? BASH_WORDS : ''}${lines.join('\n')}\n`;
}
