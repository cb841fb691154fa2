import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng, runToEnd } from '@nnm/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { virtualBackend, virtualModel } from '../__fixtures__/virtual-backend.ts';
import type { Environment } from '../environment.ts';
import { profileKernels } from '../run/profile-kernels.ts';
import { openProfilerSession } from '../run/session.ts';
import { bestKnownLevel } from './known-levels.ts';
import { levelsKey, readKnownLevels, storeLevel } from './levels-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nnm-levels-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the levels file', () => {
  it('is made when needed, grows by a session, and is replaced when it is not one', () => {
    const file = join(folder, 'deep', 'levels.json');
    const session = { levelMs: 0.5, at: '2026-01-01T00:00:00.000Z', probes: 100, probedMs: 1000 };
    storeLevel(file, 'a', session);
    storeLevel(file, 'a', { ...session, levelMs: 0.4 });
    expect(bestKnownLevel(readKnownLevels(file), 'a')).toBe(0.4);
    writeFileSync(file, 'garbage');
    storeLevel(file, 'b', session);
    expect(Object.keys(readKnownLevels(file).levels)).toEqual(['b']);
  });

  it('is a note, not an error, when it cannot be read or written', async () => {
    const session = await openProfilerSession({
      backend: virtualBackend(() => 0.05),
      settings: {},
      referenceModel: () => virtualModel('reference'),
      levelsFile: folder,
    });
    await session.measureNoise(0.02);
    await session.close();
    expect(session.notes).toEqual([
      'The runtime runs in this process: a crash would end the whole run.',
      expect.stringContaining('its latencies are simulated'),
      expect.stringContaining('could not be read'),
      expect.stringContaining('could not be kept'),
    ]);
  });

  it('tells runtimes, threads and references apart, but not where a library lies', () => {
    const environment = (threads: number, library: string): Environment =>
      ({
        cpu: 'A',
        cores: 2,
        platform: 'linux',
        arch: 'x64',
        runtime: { runtime: 'R', version: '1', threads, options: { library } },
      }) as unknown as Environment;
    const key = levelsKey(environment(1, '/a/lib.so'), virtualModel('r'));
    expect(levelsKey(environment(1, '/b/lib.so'), virtualModel('r'))).toBe(key);
    expect(levelsKey(environment(2, '/a/lib.so'), virtualModel('r'))).not.toBe(key);
    expect(levelsKey(environment(1, '/a/lib.so'), virtualModel('s'))).not.toBe(key);
    const board = { ...environment(1, '/a/lib.so'), device: { kind: 'ssh', name: 'Raspberry Pi 5', version: '1' } };
    const [warm, cool] = ['ssh://pi@warm', 'ssh://pi@cool'].map((unit) => levelsKey(board, virtualModel('r'), unit));
    expect(warm).not.toBe(cool);
  });

  it('lets a later, noisy session know what quiet is: it flags what it would have believed', async () => {
    const levelsFile = join(folder, 'levels.json');
    const profile = (slow: number) =>
      runToEnd(
        profileKernels([{ id: 'k', hash: 'h', model: () => virtualModel('k') }], {
          backend: virtualBackend((model) => (model === 'reference' ? 0.05 : 2) * slow),
          settings: {},
          referenceModel: () => virtualModel('reference'),
          rng: new Rng(1),
          levelsFile,
          policy: { maxWaitMs: 0 },
        }),
      );
    const quiet = await profile(1);
    expect(quiet.records[0]).toMatchObject({ status: 'ok', flags: [] });
    const noisy = await profile(1.8);
    expect(noisy.records[0]).toMatchObject({ status: 'ok', flags: ['contended'] });
    expect(noisy.drift.quietShare).toBe(0);
    expect(noisy.drift.text).toMatch(/never came near its best known speed \(1\.8\d times slower\).*`nnm doctor`/);
    // One session is not enough to be believed: the level stays, and what speaks against it is kept.
    expect(Object.values(JSON.parse(readFileSync(levelsFile, 'utf8')).levels)).toMatchObject([{ quiet: [{}], slower: [{ sessions: 1 }] }]);
    expect((await profile(1)).records[0]).toMatchObject({ flags: [] });
  });

  it('says what is assumed of a machine that stays slower, and takes its speed for its best on request', async () => {
    const levelsFile = join(folder, 'levels.json');
    const open = (slow: number, relearn = false) =>
      openProfilerSession({
        backend: virtualBackend(() => 0.05 * slow),
        settings: {},
        referenceModel: () => virtualModel('reference'),
        levelsFile,
        relearn,
      });
    const listen = async (slow: number, relearn?: boolean) => {
      const session = await open(slow, relearn);
      const { drift } = await session.measureNoise(0.02);
      await session.close();
      return { drift, notes: session.notes.filter((note) => note.includes('best known speed')) };
    };
    await listen(1);
    await listen(1.4);
    expect((await listen(1.4)).notes).toEqual([]);
    // Two hours pass.
    const text = readFileSync(levelsFile, 'utf8');
    writeFileSync(
      levelsFile,
      text.replace(/"(from|to)": "([^"]+)"/g, (_, name, at) => `"${name}": "${new Date(Date.parse(at) - 7.2e6).toISOString()}"`),
    );
    await listen(1.4);
    const { drift, notes } = await listen(1.4);
    expect(drift).toMatchObject({ quietShare: 0, unreached: { since: expect.any(String) } });
    expect(drift.unreached!.slowdown).toBeCloseTo(1.4, 1);
    expect(notes).toEqual([expect.stringMatching(/the fastest was (39|40|41) % slower\. .*`nnm doctor --relearn`/)]);
    expect((await listen(1.4, true)).drift).toMatchObject({ quietShare: 1 });
    const after = await listen(1.4);
    expect(after.notes).toEqual([]);
    expect(after.drift.unreached).toBeUndefined();
  });

  it('has a run say that a journal is of a time when the machine was faster, and measure again what is of a slower one', async () => {
    const options = (slow: number, relearn = false) => ({
      backend: virtualBackend((model) => (model === 'reference' ? 0.05 : 2) * slow),
      settings: {},
      referenceModel: () => virtualModel('reference'),
      levelsFile: join(folder, 'levels.json'),
      journalFile: join(folder, 'k.jsonl'),
      rng: new Rng(1),
      relearn,
      policy: { maxWaitMs: 0 },
    });
    const profile = async (slow: number, ids: readonly string[], relearn?: boolean) => {
      const jobs = ids.map((id) => ({ id, hash: 'h', model: () => virtualModel(id) }));
      const notes: string[] = [];
      const { records } = await runToEnd(profileKernels(jobs, options(slow, relearn)), (event) => {
        if (event.type === 'started') notes.push(...event.notes.filter((note) => note.includes('faster')));
      });
      return { notes, latencies: records.map((record) => (record.status === 'ok' ? record.stats.latencyMs : Number.NaN)) };
    };
    expect((await profile(1, ['a'])).notes).toEqual([]);
    await profile(1.4, ['b'], true);
    const { notes, latencies } = await profile(1.4, ['a', 'b']);
    expect(notes).toEqual([expect.stringMatching(/^1 kernel was measured while this machine was faster .*`--fresh`/)]);
    expect(latencies).toEqual([expect.closeTo(2, 1), expect.closeTo(2.8, 1)]);
    const all = ['a', 'b', 'c', 'd', 'e', 'f'];
    expect((await profile(1, all)).latencies).toEqual(all.map(() => expect.closeTo(2, 1)));
  });
});
