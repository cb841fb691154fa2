import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { NnmError, npmCall } from '@nnm/core';

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
  const call = npmCall(args, process, existsSync);
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
    execFile(call.file, call.args, { cwd: folder, env, maxBuffer: 64 * 1024 * 1024, shell: call.shell }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new NpmError({ args, folder, reason: describeFailure(stderr, error) }, { cause: error }));
    });
  });
}

function describeFailure(stderr: string, error: Error): string {
  const lines = stderr.split('\n').flatMap((line) => {
    const text = line.replace(/^npm (error|ERR!) (404(?= |$))?/, '').trim();
    return text !== line && text !== '' && !/complete log|^\S*_logs|^code E|^Note that you can|^tarball, folder/.test(text) ? [text] : [];
  });
  // A peer conflict takes nine lines to name both sides.
  return lines.slice(0, 10).join('\n  ') || error.message;
}
