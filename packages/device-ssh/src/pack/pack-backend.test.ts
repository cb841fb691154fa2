import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyBackend } from '@nnm/core';
import { create } from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packBackend } from './pack-backend.ts';
import { packAgent } from './packed-file.ts';

const PI = { platform: 'linux', arch: 'arm64' };
/** First bytes of a library for Linux. */
const library = (machine: number): Uint8Array => {
  const bytes = new Uint8Array(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes[18] = machine;
  return bytes;
};
const [ARM64, X64] = [library(183), library(62)];

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'nnm-pack-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content));
  }
}

const backend = (more: object = {}): AnyBackend =>
  ({ id: 'mine', runtime: pathToFileURL(path.join(folder, 'node_modules/mine/dist/runtime.js')), ...more }) as AnyBackend;
const pathsOf = async (more?: object, board = PI): Promise<readonly string[]> =>
  (await packBackend(backend(more), board, 'ssh://pi')).files.map((file) => file.path).sort();

describe('a backend that is packed for a board', () => {
  it('has what its runtime depends on, where Node finds it, and nothing for other platforms or for people', async () => {
    write({
      'node_modules/mine/package.json': {
        name: 'mine',
        version: '1.0.0',
        dependencies: { a: '1', b: '1' },
        optionalDependencies: { 'native-linux-x64': '1', 'native-linux-arm64': '1', gone: '1' },
        peerDependencies: { '@nnm/core': '*', heavy: '*', light: '*' },
        peerDependenciesMeta: { heavy: { optional: true }, light: { optional: true } },
      },
      'node_modules/mine/dist/runtime.js': 'import "a";',
      'node_modules/mine/dist/runtime.js.map': '{}',
      'node_modules/mine/dist/runtime.d.ts': '',
      'node_modules/mine/native/arm64/lib.so': ARM64,
      'node_modules/mine/native/x64/lib.so': X64,
      'node_modules/mine/native/arm/lib.so.1': library(40),
      'node_modules/mine/README.md': '#',
      'node_modules/a/package.json': { name: 'a', version: '1.0.0', dependencies: { b: '2' } },
      'node_modules/a/index.js': '',
      'node_modules/a/node_modules/b/package.json': { name: 'b', version: '2.0.0', dependencies: { a: '1' } },
      'node_modules/a/node_modules/b/index.js': 'two',
      'node_modules/b/package.json': { name: 'b', version: '1.0.0' },
      'node_modules/b/index.js': 'one',
      'node_modules/native-linux-x64/package.json': { name: 'native-linux-x64', version: '1.0.0', os: ['linux'], cpu: ['x64'] },
      'node_modules/native-linux-arm64/package.json': { name: 'native-linux-arm64', version: '1.0.0', os: ['!win32'], cpu: ['arm64'] },
      'node_modules/@nnm/core/package.json': { name: '@nnm/core', version: '0.1.0' },
      'node_modules/@nnm/core/dist/index.js': '',
      'node_modules/heavy/package.json': { name: 'heavy', version: '1.0.0' },
      'node_modules/light/package.json': { name: 'light', version: '1.0.0' },
      'node_modules/unrelated/package.json': { name: 'unrelated', version: '1.0.0' },
    });
    const shared = [
      '@nnm/core/dist/index.js',
      '@nnm/core/package.json',
      'a/index.js',
      'a/package.json',
      'b/package.json',
      'light/package.json',
    ];
    const packed = await packBackend(backend({ runtimePeers: ['light'] }), PI, 'ssh://pi');
    const found = packed.files.map((file) => file.path);
    expect(packed.runtime).toBe('node_modules/mine/dist/runtime.js');
    expect(found).toEqual(expect.arrayContaining(shared.map((name) => `node_modules/${name}`)));
    expect(
      found
        .filter((name) => name.endsWith('b/index.js'))
        .map((name) => String(packed.files.find((one) => one.path === name)?.content))
        .sort(),
    ).toEqual(['one', 'two']);
    expect(found.filter((name) => name.includes('native')).sort()).toEqual([
      'node_modules/mine/native/arm64/lib.so',
      'node_modules/native-linux-arm64/package.json',
    ]);
    expect(found.filter((name) => /heavy|unrelated|\.map|\.d\.ts|\.md/.test(name))).toEqual([]);
    expect(await pathsOf({}, { platform: 'linux', arch: 'x64' })).toContain('node_modules/mine/native/x64/lib.so');
  });

  it('has an id that is its content', async () => {
    write({ 'node_modules/mine/package.json': { name: 'mine', version: '1.0.0' }, 'node_modules/mine/dist/runtime.js': 'one' });
    const idOf = async () => packAgent((await packBackend(backend(), PI, 'ssh://pi')).files).id;
    const before = await idOf();
    expect(await idOf()).toBe(before);
    write({ 'node_modules/mine/dist/runtime.js': 'two' });
    expect(await idOf()).not.toBe(before);
  });

  it('cannot be packed without what it depends on, which is one clear error', async () => {
    write({
      'node_modules/mine/package.json': { name: 'mine', version: '1.0.0', dependencies: { gone: '1' } },
      'node_modules/mine/dist/runtime.js': '',
    });
    await expect(pathsOf()).rejects.toMatchObject({
      code: 'ERR_DEVICE_UNAVAILABLE',
      message: 'The device "ssh://pi" cannot be used: mine needs the package gone there, which is not installed here.',
    });
  });

  describe('with a package that is for the board alone', () => {
    let registry: Server;
    let before: string | undefined;
    beforeEach(async () => {
      write({
        'node_modules/mine/package.json': { name: 'mine', version: '1.0.0', optionalDependencies: { '@x/native-linux-arm64': '3.0.0' } },
        'node_modules/mine/dist/runtime.js': '',
        'published/package/package.json': { name: '@x/native-linux-arm64', version: '3.0.0', os: ['linux'], cpu: ['arm64'] },
        'published/package/lib.node': ARM64,
      });
      await create({ gzip: true, file: path.join(folder, 'p.tgz'), cwd: path.join(folder, 'published') }, ['package']);
      const tarball = readFileSync(path.join(folder, 'p.tgz'));
      registry = createServer((request, response) => {
        const { port } = registry.address() as AddressInfo;
        if (request.url?.endsWith('.tgz')) return response.end(tarball);
        if (!decodeURIComponent(request.url ?? '').includes('@x/native-linux-arm64')) return response.writeHead(404).end('{}');
        const dist = {
          tarball: `http://127.0.0.1:${port}/p.tgz`,
          integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
        };
        return response.end(
          JSON.stringify({
            name: '@x/native-linux-arm64',
            'dist-tags': { latest: '3.0.0' },
            versions: { '3.0.0': { name: '@x/native-linux-arm64', version: '3.0.0', dist } },
          }),
        );
      }).listen(0, '127.0.0.1');
      await once(registry, 'listening');
      before = process.env.npm_config_registry;
      process.env.npm_config_registry = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
    });
    afterEach(() => {
      registry.close();
      if (before === undefined) delete process.env.npm_config_registry;
      else process.env.npm_config_registry = before;
    });

    it('has npm download it', async () => {
      expect(await pathsOf()).toContain('node_modules/@x/native-linux-arm64/lib.node');
      expect(await pathsOf({}, { platform: 'linux', arch: 'x64' })).toEqual([
        'node_modules/mine/dist/runtime.js',
        'node_modules/mine/package.json',
      ]);
    });

    it('says what npm says when that is not possible', async () => {
      write({
        'node_modules/mine/package.json': { name: 'mine', version: '1.0.0', optionalDependencies: { 'none-linux-arm64': '3.0.0' } },
      });
      await expect(pathsOf()).rejects.toMatchObject({
        code: 'ERR_DEVICE_UNAVAILABLE',
        message: expect.stringMatching(/npm could not download none-linux-arm64@3\.0\.0, which the backend needs there \(.*404/),
        hint: expect.stringContaining('SSH_AGENT'),
      });
    });
  });
});
