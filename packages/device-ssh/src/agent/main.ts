/**
 * The agent: runs on a board, beside the measuring host, which is a process of its own. It carries messages between that and the ssh
 * connection on its standard input and output, pins the host to CPUs, and ends both when nobody is there any more: it never measures
 * itself, so it notices also while the host is in an endless native call.
 *
 * Bundled into one file that needs nothing but Node. It does its work at import, as a program does.
 */
import { fileURLToPath } from 'node:url';
import { ChildTransport, CpuPinner, checkSensors, readMachineFacts } from '@nnm/profiler/machine-host';
import { FrameReader, writeFrame } from '../frames.ts';
import { type FromAgent, markLine, SILENCE_MS, type ToAgent } from '../protocol.ts';

/** How long the host may take to be gone. */
const END_MS = 2000;

const reader = new FrameReader();
const pinner = new CpuPinner();
let host: ChildTransport | undefined;

function say(message: FromAgent): void {
  for (const bytes of writeFrame(message)) process.stdout.write(bytes);
}

function startHost(): ChildTransport {
  return new ChildTransport(
    { file: fileURLToPath(new URL('./worker.mjs', import.meta.url)), execArgv: [] },
    {
      message: (message) => say({ type: 'reply', message }),
      end: (death) => {
        say({ type: 'died', death });
        process.exit(0);
      },
    },
  );
}

/** The host goes first: an agent that leaves it behind would leave an orphan. */
function end(): void {
  setTimeout(() => process.exit(0), END_MS);
  if (host === undefined) process.exit(0);
  host.kill(); // whose end ends this process
}

async function take(message: ToAgent): Promise<void> {
  switch (message.type) {
    case 'request':
      host ??= startHost();
      host.send(message.message, message.model);
      break;
    case 'pin':
      say({
        type: 'pinned',
        pinning: host === undefined ? { notPinned: 'its runtime has not been started' } : await pinner.pin(host.pid, message.threads),
      });
      break;
    case 'check':
      say({ type: 'findings', findings: await checkSensors() });
      break;
    case 'ping':
      say({ type: 'pong' });
      break;
    case 'end':
      end();
  }
}

let silence = setTimeout(end, SILENCE_MS);
process.stdin.on('data', (chunk: Buffer) => {
  clearTimeout(silence);
  silence = setTimeout(end, SILENCE_MS);
  for (const message of reader.push(chunk)) void take(message as ToAgent);
});
process.stdin.on('end', end);
process.stdin.on('error', end);
// Nobody reads any more; the end of the standard input says the same.
process.stdout.on('error', end);
process.stdout.write(`\n${markLine(process.argv[2] ?? '')}\n`);
say({ type: 'hello', facts: readMachineFacts('ssh') });
