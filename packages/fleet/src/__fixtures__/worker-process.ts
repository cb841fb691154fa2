// A worker as a process of its own, which tests can kill. Its one argument is JSON.
import { runWorker } from '../work/worker.ts';
import { FormulaBackend, formulaReference } from './formula-backend.ts';
import { measureInstantly } from './instant-measuring.ts';

const { url, device, lockMs, instantly } = JSON.parse(process.argv[2] as string) as Record<'url' | 'device', string> & {
  readonly lockMs?: number;
  readonly instantly?: boolean;
};
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
const summary = await runWorker({
  url,
  backend: new FormulaBackend(),
  settings: {},
  referenceModel: formulaReference,
  device,
  lockMs,
  ...(instantly && { measure: measureInstantly }),
  signal: stop.signal,
  onEvent: (event) => console.log(event.type),
});
console.log(JSON.stringify(summary));
