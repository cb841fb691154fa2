// An npm registry in memory, for rehearsals: takes what `npm publish` sends, serves it, and sends npm to the real registry for
// everything else. verdaccio does the same and much more, with some 300 packages.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { json } from 'node:stream/consumers';

/**
 * Start a registry on a free port of this machine.
 *
 * @param {{ upstream: string, packed?: readonly import('./pack-all.mjs').PackedPackage[] }} options - `upstream`: where npm is sent for
 *   packages that were not published here; `packed`: what is published from the start
 * @returns {Promise<{ url: string, names(): readonly string[], close(): Promise<void> }>}
 */
export async function startRegistry({ upstream, packed = [] }) {
  /** Packuments by package name. */
  const published = new Map();
  /** Bytes of tarballs by path. */
  const tarballs = new Map();
  const answer = (response, status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

  const server = createServer(async (request, response) => {
    const name = decodeURIComponent(request.url.slice(1).split('?')[0]);
    if (request.method === 'PUT') {
      const { _attachments: attachments, versions, 'dist-tags': tags, ...rest } = await json(request);
      const earlier = published.get(name);
      const [version] = Object.keys(versions);
      if (earlier?.versions[version]) return answer(response, 403, { error: `${name}@${version} is published already` });
      const [[file, { data }]] = Object.entries(attachments);
      const path = `tarballs/${file}`;
      tarballs.set(path, Buffer.from(data, 'base64'));
      versions[version].dist.tarball = `${url}${path}`;
      published.set(name, {
        ...rest,
        versions: { ...earlier?.versions, ...versions },
        'dist-tags': { ...earlier?.['dist-tags'], ...tags },
      });
      return answer(response, 201, { ok: true });
    }
    if (tarballs.has(name)) return response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(tarballs.get(name));
    if (published.has(name)) return answer(response, 200, published.get(name));
    if (name.startsWith('@nnm/')) return answer(response, 404, { error: 'not found' }); // never somebody else's of that name
    return response.writeHead(302, { location: new URL(request.url, upstream).href }).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  for (const { name, version, folder, file } of packed) {
    const path = `tarballs/${basename(file)}`;
    const [manifest, bytes] = await Promise.all([readFile(join(folder, 'package.json'), 'utf8'), readFile(file)]);
    const dist = { tarball: url + path, integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}` };
    tarballs.set(path, bytes);
    published.set(name, { name, versions: { [version]: { ...JSON.parse(manifest), dist } }, 'dist-tags': { latest: version } });
  }
  return {
    url,
    names: () => [...published.keys()].sort(),
    close: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())).closeAllConnections()),
  };
}
