// The page that a browser opens to become a device: it keeps the connection, starts a worker for each measuring host, and tells when it is
// hidden, left or asleep. All measuring is done in the workers.
import { decodeMessage, encodeMessage } from '@nnm/core';
import { type AboutPage, CLOSE_CODES, type FromPage, type ToPage } from '../protocol.ts';
import { readAboutPage } from './about-page.ts';
import { HostWorkers } from './host-workers.ts';

const RETRY_MS = 1000;
const TICK_MS = 1000;
/** A tick that comes later than this means that the page did not run meanwhile. */
const SLEPT_MS = 10_000;

const CLOSED: Readonly<Record<number, string>> = {
  [CLOSE_CODES.secondTab]: 'Another tab measures already. This one takes over when that one is closed.',
  [CLOSE_CODES.finished]: 'nnm has finished. You can close this tab.',
};

const state = document.getElementById('state')!;
const show = (text: string, kind: 'ready' | 'busy' | 'wait'): void => {
  state.textContent = text;
  document.body.dataset.state = kind;
};

/** This load of the page: a connection that comes back is told from a page that was loaded again. */
const page = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const about: AboutPage = await readAboutPage();
let socket: WebSocket | undefined;

const say = (message: FromPage): void => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(encodeMessage(message));
};
const workers = new HostWorkers(say);

function connect(): void {
  const opened = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/socket`);
  opened.binaryType = 'arraybuffer';
  socket = opened;
  opened.onopen = () => {
    say({ type: 'hello', page, hidden: document.hidden, about });
    showReady();
    void keepAwake();
  };
  opened.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => obey(decodeMessage(new Uint8Array(data)) as ToPage);
  opened.onclose = ({ code }) => {
    workers.endAll();
    show(CLOSED[code] ?? 'Waiting for nnm …', 'wait');
    setTimeout(connect, RETRY_MS);
  };
}

function obey(message: ToPage): void {
  if (message.type === 'ping') say({ type: 'pong', count: message.count });
  else if (message.type === 'start') workers.start(message.host);
  else if (message.type === 'ask') workers.ask(message.host, message.message, message.model);
  else workers.end(message.host);
  if (message.type !== 'ping') showReady();
}

function showReady(): void {
  if (document.hidden) show('Hidden: nothing is measured until this tab is in front.', 'wait');
  else if (workers.count > 0) show('Measuring. Keep this tab in front.', 'busy');
  else show('Connected. Keep this tab in front.', 'ready');
}

/** A phone that dims its screen stops measuring; where the browser cannot keep it on, its user is told to. */
async function keepAwake(): Promise<void> {
  const lock = (navigator as { wakeLock?: { request(kind: 'screen'): Promise<unknown> } }).wakeLock;
  if (lock === undefined || document.hidden) return;
  await lock.request('screen').catch(() => document.body.setAttribute('data-may-sleep', ''));
}

function tellVisibility(hidden: boolean): void {
  if (hidden) workers.endAll();
  say({ type: 'visibility', hidden });
  showReady();
}

document.addEventListener('visibilitychange', () => {
  tellVisibility(document.hidden);
  void keepAwake();
});
document.addEventListener('freeze', () => tellVisibility(true));
document.addEventListener('resume', () => tellVisibility(document.hidden));
addEventListener('pagehide', () => say({ type: 'bye' }));

let tick = performance.now();
setInterval(() => {
  const now = performance.now();
  if (now - tick > SLEPT_MS) {
    workers.endAll();
    say({ type: 'slept', ms: Math.round(now - tick) });
  }
  tick = now;
}, TICK_MS);

connect();
