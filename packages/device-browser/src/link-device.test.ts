import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { placeBackend, Rng, runToEnd } from '@nnm/core';
import { openProfilerSession, type ProfileEvent, profileKernels } from '@nnm/profiler';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { NodePage } from './__fixtures__/node-page.ts';
import { command, spinning } from './__fixtures__/spinning-backend.ts';
import { BrowserDevice } from './browser-device.ts';
import { readPageParts } from './page-parts.ts';
import type { ToPage } from './protocol.ts';
import { parseBrowserSettings } from './settings.ts';

const devices: BrowserDevice[] = [];
const parts = readPageParts();
afterEach(async () => {
  await Promise.all(devices.splice(0).map((device) => device.close()));
});

/** A device that waits for somebody to open its link, and the link. */
function invite(settings: object = {}) {
  const device = new BrowserDevice(parseBrowserSettings({ BROWSER: 'link', ...settings }), spinning, () => parts);
  devices.push(device);
  const notices: string[] = [];
  const link = new Promise<string>((resolve) => {
    device.onNotice((text) => {
      notices.push(text);
      const found = /http:\S+/.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    });
  });
  return { device, backend: placeBackend(spinning, device), link, notices };
}

const open = (backend: ReturnType<typeof invite>['backend']) => openProfilerSession({ backend, settings: {}, levelsFile: false });

/** Measure kernels whose models are these texts; two visits each. */
function measure(
  backend: ReturnType<typeof invite>['backend'],
  texts: readonly string[],
  onEvent: (event: ProfileEvent) => void = () => undefined,
) {
  const jobs = texts.map((text) => ({ id: text, hash: text, model: () => command(text) }));
  const policy = { gate: 0, revisitAfterMs: 0, minSlices: 1 };
  return runToEnd(profileKernels(jobs, { backend, settings: {}, rng: new Rng(1), policy, levelsFile: false }), onEvent);
}

describe('a device that opens a link', () => {
  it('says what the browser says of itself', async () => {
    const { backend, link, notices } = invite();
    const opening = open(backend);
    await NodePage.join({ link: await link });
    const session = await opening;
    expect(session.environment).toMatchObject({
      cpu: 'unknown',
      cores: 8,
      platform: 'Android',
      isolation: 'browser',
      device: { kind: 'browser', name: 'Firefox', version: '153.0' },
    });
    expect(session.environment).not.toHaveProperty('memoryBytes');
    expect(notices[0]).toMatch(/keep its tab in front:\n {2}http:\/\/localhost:\d+\/\?token=[\w-]{24}\n.*\n.*adb reverse tcp:(\d+) tcp:\1/);
    await session.close();
  });

  it.each([
    ['hidden', { type: 'visibility', hidden: true }, /^The device hid the page while measuring the kernel/],
    ['closed, left or reloaded', { type: 'bye' }, /^The device closed, left or reloaded the page while/],
    ['asleep', { type: 'slept', ms: 30_000 }, /^The device slept for 30 s while/],
  ] as const)('costs a visit when its page is %s, and blames no kernel however often', async (_, news, reason) => {
    const { backend, link } = invite();
    const reasons: string[] = [];
    const run = measure(backend, ['A', 'B'], (event) => {
      if (event.type === 'retry') reasons.push(event.reason);
    });
    const url = await link;
    // More often than a kernel may crash, or a device die.
    for (let time = 0; time < 6; time++) {
      const page = await NodePage.join({ link: url, page: `page-${time}`, silentOn: /[AB]/ });
      await page.until((heard) => heard.some(({ type }) => type === 'ask' && heard.length > 2));
      page.say(news);
      await page.until((heard) => heard.length > 2);
      if (news.type !== 'bye') page.say({ type: 'bye' });
      page.vanish();
    }
    await NodePage.join({ link: url, page: 'page-last' });
    const { records } = await run;
    expect(records).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
    expect(reasons.length).toBeGreaterThanOrEqual(6);
    for (const said of reasons) expect(said).toMatch(reason);
  });

  it('measures nothing while its page is hidden, and says so', async () => {
    const { backend, link, notices } = invite();
    const run = measure(backend, ['A']);
    const page = await NodePage.join({ link: await link, hidden: true });
    expect(await (await import('node:timers/promises')).setTimeout(50, page.heard)).toEqual([]);
    expect(notices.at(-1)).toMatch(/^The page is hidden/);
    page.say({ type: 'visibility', hidden: false });
    expect((await run).records).toMatchObject([{ status: 'ok' }]);
  });

  it('goes on when a lost connection comes back, and blames a kernel whose page does not', async () => {
    const { backend, link } = invite();
    const reasons: string[] = [];
    const run = measure(backend, ['A'], (event) => {
      if (event.type === 'retry') reasons.push(event.reason);
    });
    const url = await link;
    const asked = (heard: readonly ToPage[]) => heard.filter(({ type }) => type === 'ask').length > 1;
    const first = await NodePage.join({ link: url, silentOn: /A/ });
    await first.until(asked);
    first.vanish();
    const same = await NodePage.join({ link: url, silentOn: /A/ });
    await same.until(asked);
    same.vanish();
    await NodePage.join({ link: url, page: 'loaded-again' });
    expect((await run).records).toMatchObject([{ status: 'ok' }]);
    expect(reasons).toEqual([
      expect.stringMatching(/^The device lost its connection while measuring/),
      expect.stringMatching(/^The device lost its page: the browser ended it, or it ran out of memory, while measuring/),
    ]);
  });

  it('tells a second tab that another one measures, and takes one in whose predecessor is gone', async () => {
    const { backend, link } = invite();
    const opening = open(backend);
    const url = await link;
    const first = await NodePage.join({ link: url });
    const session = await opening;
    const second = await NodePage.join({ link: url, page: 'page-2' });
    expect(await second.closed).toBe(4002);
    await session.close();
    first.vanish();
    await first.closed;
    await NodePage.join({ link: url, page: 'page-3' });
    await (await open(backend)).close();
  });

  it('says how to go on when nobody comes', async () => {
    const { backend } = invite({ WAIT_S: 1 });
    await expect(open(backend)).rejects.toMatchObject({
      code: 'ERR_DEVICE_UNAVAILABLE',
      message: 'The device "browser" cannot be used: no browser opened its page within 1 s.',
      hint: expect.stringMatching(/^Open http:\/\/localhost:\d+\/\?token=/),
    });
  });

  it('says which port is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(open(invite({ PORT: port }).backend)).rejects.toMatchObject({
      code: 'ERR_PORT_IN_USE',
      message: `The page for browsers cannot be served on port ${port} of 127.0.0.1: another program uses it.`,
    });
    other.close();
  });

  it('says that the module of a backend cannot be served', async () => {
    const { device } = invite();
    const lost = Object.create(spinning, { browser: { value: { module: new URL('file:///no/such/runtime.js') } } });
    const lostDevice = new BrowserDevice(parseBrowserSettings({ BROWSER: 'link' }), lost, () => parts);
    devices.push(lostDevice);
    await expect(open(placeBackend(lost, lostDevice))).rejects.toMatchObject({
      code: 'ERR_BROWSER_MODULE',
      message: /runtime\.js.*ENOENT/,
    });
    expect(device.id).toBe('browser');
  });
});

describe('the server of the page', () => {
  const serve = async (settings: object = {}) => {
    const { backend, link } = invite(settings);
    const opening = open(backend);
    opening.catch(() => undefined); // its device is closed before anybody comes
    const url = new URL(await link);
    const cookieOf = async (to = url) => (await fetch(to)).headers.get('set-cookie')?.split(';')[0] ?? '';
    const get = async (path: string, headers: Record<string, string> = {}) => {
      const { request } = await import('node:http');
      // Not `fetch`, which resolves `..` itself and sets `host`.
      return new Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
        const sent = request({ host: '127.0.0.1', port: url.port, path, headers: { host: url.host, ...headers } }, (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (text: string) => {
            body += text;
          });
          response.on('end', () => resolve({ status: response.statusCode!, body, headers: response.headers }));
        });
        sent.on('error', reject).end();
      });
    };
    return { url, cookieOf, get };
  };
  const connect = (url: URL, headers: Record<string, string>, path = '/socket') =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(`ws://${url.host}${path}`, { headers });
      socket.once('open', () => {
        socket.terminate();
        resolve('open');
      });
      socket.once('error', ({ message }) => resolve(message));
    });

  it('isolates the page, and lets nobody keep a copy', async () => {
    const { url, get } = await serve();
    const { status, headers, body } = await get(`/${url.search}`);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cache-control': 'no-store',
      'set-cookie': [expect.stringMatching(/; HttpOnly; SameSite=Strict; Path=\/$/)],
    });
    expect(body).toContain('nnm measures here');
  });

  it('refuses a wrong token, no token, another name for this machine, and other methods', async () => {
    const { url, get, cookieOf } = await serve();
    expect(await get('/')).toMatchObject({ status: 403, body: 'Open the link as nnm prints it: its token is missing or wrong.\n' });
    expect(await get('/?token=wrong')).toMatchObject({ status: 403 });
    expect(await get(`/page.js${url.search}`)).toMatchObject({ status: 403 });
    expect(await get(`/${url.search}`, { host: `evil.example:${url.port}` })).toMatchObject({ status: 403 });
    const cookie = await cookieOf();
    expect(await get('/page.js', { cookie })).toMatchObject({ status: 200 });
    expect(await get('/page.js', { cookie: `${cookie}x` })).toMatchObject({ status: 403 });
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  });

  it('refuses connections from another origin, without a cookie, and elsewhere', async () => {
    const { url, cookieOf } = await serve();
    const cookie = await cookieOf();
    expect(await connect(url, { cookie, origin: 'https://evil.example' })).toMatch(/403/);
    expect(await connect(url, { cookie })).toMatch(/403/);
    expect(await connect(url, { origin: url.origin })).toMatch(/403/);
    expect(await connect(url, { cookie, origin: url.origin }, '/other')).toMatch(/403/);
    expect(await connect(url, { cookie, origin: url.origin })).toBe('open');
  });

  it('serves the runtime and the folders beside it, and no other file', async () => {
    const { get, cookieOf } = await serve();
    const cookie = await cookieOf();
    expect(await get('/runtime/module.js', { cookie })).toMatchObject({ status: 200, body: expect.stringContaining('Spinning') });
    expect(await get('/runtime/data/facts.json', { cookie })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
    });
    const outside = [
      '../spinning-backend.ts',
      '%2e%2e/spinning-backend.ts',
      '..%2fspinning-backend.ts',
      '.',
      '',
      '..\\spinning-backend.ts',
    ];
    const others = ['..%5cspinning-backend.ts', '%00', '%', '/etc/passwd', 'facts.json/', 'none.json', 'C:/x'];
    for (const path of [...outside, ...others]) {
      expect(await get(`/runtime/data/${path}`, { cookie }), path).toMatchObject({ status: 404 });
    }
    for (const path of ['/runtime/', '/runtime/data', '/runtime/constructor/name', '/package.json', '//etc/passwd', '/../package.json']) {
      expect(await get(path, { cookie }), path).toMatchObject({ status: 404 });
    }
  });

  it('admits one browser by a link for the network, which may come back', async () => {
    const { url, get } = await serve({ LAN: true });
    const first = await get(`/${url.search}`);
    expect(first.status).toBe(200);
    const cookie = String(first.headers['set-cookie']).split(';')[0]!;
    expect(await get(`/${url.search}`)).toMatchObject({
      status: 403,
      body: expect.stringMatching(/Another browser has used this link already/),
    });
    expect(await get(`/${url.search}`, { cookie })).toMatchObject({ status: 200 });
  });

  it('cuts off who does not speak the protocol', async () => {
    const { url, cookieOf } = await serve();
    for (const data of ['hello', Buffer.from([1, 2]), Buffer.alloc(100)]) {
      const socket = new WebSocket(`ws://${url.host}/socket`, { headers: { cookie: await cookieOf(), origin: url.origin } });
      socket.on('open', () => socket.send(data));
      await new Promise((resolve) => socket.once('close', resolve));
    }
  });
});
