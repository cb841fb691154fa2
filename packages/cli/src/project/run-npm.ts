import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NnmError } from '@nnm/core';

/** npm could not be run, or failed; its own words are in the message. */
class NpmError extends NnmError {
  constructor(details: { args: readonly string[]; folder: string; reason: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_NPM',
        message: `\`npm ${details.args.join(' ')}\` failed in ${details.folder}: ${details.reason}`,
        hint: 'Run it by hand to see more.',
        details,
      },
      options,
    );
  }
}

/**
 * Run npm in a folder and return what it wrote to stdout.
 *
 * Install scripts are not run: no package that nnm needs has one that matters, and some download what they do not need.
 *
 * @throws {@link NpmError}
 */
export function runNpm(args: readonly string[], folder: string): Promise<string> {
  const { command, leading } = findNpm();
  const env = {
    ...process.env,
    npm_config_ignore_scripts: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    // npm looks for a newer npm by itself.
    npm_config_update_notifier: 'false',
    ONNXRUNTIME_NODE_INSTALL: 'skip',
  };
  return new Promise((resolve, reject) => {
    const isShellScript = command.endsWith('.cmd');
    execFile(
      command,
      isShellScript ? args.map((arg) => `"${arg}"`) : [...leading, ...args],
      { cwd: folder, env, maxBuffer: 64 * 1024 * 1024, shell: isShellScript },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new NpmError({ args, folder, reason: describeFailure(stderr, error) }, { cause: error }));
      },
    );
  });
}

/** npm's own program, run by this Node where it can be found, so that both are the same everywhere. */
function findNpm(): { command: string; leading: readonly string[] } {
  const bin = dirname(process.execPath);
  const candidates = [
    process.env.npm_execpath,
    join(bin, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(bin, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const program = candidates.find((file) => file !== undefined && /npm-cli\.[cm]?js$/.test(file) && existsSync(file));
  if (program !== undefined) return { command: process.execPath, leading: [program] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', leading: [] };
}

function describeFailure(stderr: string, error: Error): string {
  const lines = stderr.split('\n').flatMap((line) => {
    const text = line.replace(/^npm (error|ERR!) (404(?= |$))?/, '').trim();
    return text !== line && text !== '' && !/complete log|^\S*_logs|^code E|^Note that you can|^tarball, folder/.test(text) ? [text] : [];
  });
  // A peer conflict takes nine lines to name both sides.
  return lines.slice(0, 10).join('\n  ') || error.message;
}
