import { chmodSync, writeFileSync } from 'node:fs';
import { BaseBackend, type BenchmarkModelCall } from '@nnm/core';

/** A backend whose models are commands of {@link writeScriptedTool}; it runs by `benchmark_model` alone. */
export class ScriptedBackend extends BaseBackend<{ readonly DELEGATE?: string }> {
  readonly id = 'scripted';
  readonly description = 'for tests';
  readonly implement = ['tensorflow'] as const;
  readonly modelExtension = '.tflite';
  readonly settingsTemplate = '';
  readonly runtime = (): never => {
    throw new Error('This backend runs on phones alone.');
  };

  override parseSettings(raw: unknown): { readonly DELEGATE?: string } {
    return raw as object;
  }

  override convert(): Uint8Array {
    return command('run 40');
  }

  override benchmarkModel({ DELEGATE = 'xnnpack' }: { readonly DELEGATE?: string }): BenchmarkModelCall {
    return { flags: ['--num_threads=2'], threads: 2, xnnpack: DELEGATE === 'xnnpack', options: { delegate: DELEGATE } };
  }
}

/** A model of it: `run <microseconds>`, `crash`, `out-of-memory`, `refuse` or `hang`. */
export const command = (text: string): Uint8Array => new TextEncoder().encode(`${text}\n`);

/**
 * Write a `benchmark_model` that prints what the real one prints, without running anything.
 *
 * @param profile - text of its profile of operators, which it writes to a file when it is told one and knows the flag
 */
export function writeScriptedTool(
  file: string,
  { hasMedian = true, xnnpack = true, profile = '', flag = '--profiling_output_csv_file' } = {},
): void {
  const more = hasMedian ? ' p5=$us median=$us p95=$us' : '';
  writeFileSync(
    file,
    `#!/bin/sh
for word in "$@"; do
  case "$word" in
    --graph=*) graph="\${word#--graph=}" ;;
    --enable_op_profiling=true) profiles=yes ;;
    ${flag}=*) profile="\${word#*=}" ;;
  esac
done
echo 'INFO: STARTING!'
read -r verb us < "$graph" || { echo 'ERROR: Failed to load graph'; exit 1; }
case "$verb" in
  run)
    ${xnnpack ? "echo 'INFO: Created TensorFlow Lite XNNPACK delegate for CPU.'" : ':'}
    echo "INFO: count=900 first=$us curr=$us min=$us max=$us avg=$us std=1${more}"
    echo
    echo "INFO: count=1200 first=$us curr=$us min=$us max=$us avg=$us std=1${more}"
    echo
    echo "INFO: Inference timings in us: Init: 500, First inference: $us, Warmup (avg): $us, Inference (avg): $us"
    if [ -n "$profiles" ]; then
      if [ -n "$profile" ]; then exec > "$profile"; fi
      cat <<'END'
${profile}
END
    fi ;;
  crash) kill -SEGV $$ ;;
  out-of-memory) kill -KILL $$ ;;
  refuse) echo "ERROR: Didn't find op for builtin opcode 'NEW_OP' version '1'"; echo 'ERROR: Benchmarking failed.'; exit 1 ;;
  hang) while :; do sleep 0.2; done ;;
esac
`,
  );
  chmodSync(file, 0o755);
}
