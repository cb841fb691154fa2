import { Rng } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import {
  bestKnownLevel,
  type KnownLevels,
  NO_LEVELS,
  parseKnownLevels,
  relearnLevel,
  rememberLevel,
  slowerEvidence,
} from './known-levels.ts';

const START = Date.parse('2026-01-05T08:00:00.000Z');

/** A machine whose sessions end at these hours and reach these levels, within 1 %; 20 s each. */
class Machine {
  known: KnownLevels = NO_LEVELS;
  private readonly rng = new Rng(7);

  session(hour: number, levelMs: number): this {
    const at = new Date(START + hour * 3_600_000).toISOString();
    this.known = rememberLevel(this.known, 'a', { levelMs: levelMs * (1 + 0.01 * this.rng.float()), at, probes: 2000, probedMs: 20_000 });
    return this;
  }

  /** Three sessions in every hour. */
  hours(from: number, to: number, levelOf: (rng: Rng) => number): this {
    for (let hour = from; hour < to; hour += 1 / 3) this.session(hour, levelOf(this.rng));
    return this;
  }

  get levelMs(): number {
    return bestKnownLevel(this.known, 'a')!;
  }
}

/** A neighbour that never rests, and is not equally loud. */
const loud = (rng: Rng): number => 1.2 + 0.6 * rng.float();
/** Hours of one session a day. */
const DAYS = [24, 48, 72, 96, 120, 144];

describe('known levels', () => {
  it('are the best of the last hours of a key', () => {
    const machine = new Machine().session(0, 1.02).session(2, 1).session(4, 1.02);
    expect(machine.levelMs).toBeCloseTo(1, 1);
    expect(machine.levelMs).toBeLessThan(1.011);
    expect(bestKnownLevel(machine.known, 'b')).toBeUndefined();
    expect(slowerEvidence(machine.known, 'a')).toBeUndefined();
  });

  it('follow a machine that becomes a little slower, by less than sessions differ', () => {
    const machine = new Machine().session(0, 1);
    for (let hour = 1; hour <= 12; hour++) machine.session(hour * 2, 1.02);
    expect(machine.levelMs).toBeGreaterThanOrEqual(1.02);
  });

  it.each([1.05, 1.15, 1.4])(
    'believe that a machine has become %f times slower for good, after days, however short its sessions are',
    (slower) => {
      const machine = new Machine().session(0, 1);
      const levels = DAYS.map((hour) => machine.session(hour, slower).levelMs);
      expect(levels.map((levelMs) => levelMs > 1.02)).toEqual([false, false, false, false, true, true]);
      expect(machine.known.levels.a!.before).toMatchObject({ at: new Date(START).toISOString() });
      // And it is no longer believed once it is fast again.
      expect(machine.session(168, 1).levelMs).toBeLessThan(1.02);
    },
  );

  it('believe it of a machine that is loud in between, as long as most hours agree', () => {
    const machine = new Machine()
      .session(0, 1)
      .hours(24, 27, () => 1.4)
      .hours(27, 29, (rng) => 1.4 * loud(rng))
      .hours(48, 56, () => 1.4);
    expect(machine.levelMs).toBeGreaterThan(1.39);
  });

  it('do not believe one day of work, however many sessions agree in it', () => {
    const machine = new Machine().session(0, 1).hours(24, 36, () => 1.4);
    expect(machine.levelMs).toBeLessThan(1.02);
    expect(slowerEvidence(machine.known, 'a')).toMatchObject({ since: '2026-01-06T08:00:00.000Z', sessions: 36, probedMs: 720_000 });
  });

  it('do not believe loud afternoons, of many weeks', () => {
    const machine = new Machine().session(0, 1);
    for (let day = 1; day <= 60; day++) {
      machine.hours(24 * day, 24 * day + 4, loud);
      expect(machine.levelMs).toBeLessThan(1.02);
    }
    expect(machine.session(24 * 61, 1).levelMs).toBeLessThan(1.02);
    expect(slowerEvidence(machine.known, 'a')).toBeUndefined();
  });

  it('do not believe a laptop that runs on its battery every evening', () => {
    const machine = new Machine();
    for (let day = 0; day < 30; day++) machine.session(24 * day, 1).hours(24 * day + 10, 24 * day + 14, () => 1.5);
    expect(machine.levelMs).toBeLessThan(1.02);
  });

  it('do not believe a virtual machine that moves between two hosts, until it stays on the slower one', () => {
    const machine = new Machine();
    for (let day = 0; day < 20; day++) machine.hours(24 * day, 24 * day + 8, () => (day % 2 === 0 ? 1 : 1.25));
    expect(machine.levelMs).toBeLessThan(1.02);
    for (let day = 21; day < 24; day++) machine.hours(24 * day, 24 * day + 8, () => 1.25);
    expect(machine.levelMs).toBeGreaterThan(1.24);
  });

  it('are not misled by a clock that is set in between', () => {
    const machine = new Machine()
      .session(0, 1)
      .hours(2, 5, () => 1.4)
      .hours(24 * 365, 24 * 365 + 3, () => 1.4)
      .hours(6, 8, () => 1.4);
    expect(machine.levelMs).toBeLessThan(1.02);
  });

  it('are learned anew on request', () => {
    const machine = new Machine().session(0, 1).session(30, 1.4);
    const session = { levelMs: 1.4, at: '2026-01-07T08:00:00.000Z', probes: 500, probedMs: 5000 };
    const known = relearnLevel(machine.known, 'a', session);
    expect(bestKnownLevel(known, 'a')).toBe(1.4);
    expect(slowerEvidence(known, 'a')).toBeUndefined();
  });

  it('do not grow without end', () => {
    const machine = new Machine().session(0, 1).hours(10, 400, loud);
    for (let day = 20; day < 60; day++) machine.session(24 * day, 0.99);
    expect(JSON.stringify(machine.known).length).toBeLessThan(20_000);
  });
});

describe('the file of known levels', () => {
  it('survives a round; anything else counts as absent', () => {
    const { known } = new Machine()
      .session(0, 1)
      .hours(24, 30, () => 1.4)
      .hours(50, 53, () => 1.4)
      .session(60, 1.6);
    expect(known.levels.a).toMatchObject({ before: {}, slower: [{}] });
    expect(parseKnownLevels(JSON.stringify(known))).toEqual(known);
    for (const text of ['', '{', '[]', 'null', '{"schemaVersion":3,"levels":{}}', '{"schemaVersion":2,"levels":null}']) {
      expect(parseKnownLevels(text)).toBeUndefined();
    }
  });

  it('loses only what is damaged', () => {
    const hour = { levelMs: 1, from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z', sessions: 1, probes: 1, probedMs: 1 };
    const quiet = [hour, { ...hour, levelMs: -1 }, { ...hour, from: 'then' }, { ...hour, sessions: 'many' }, null];
    const levels = { a: { quiet, slower: 'none', before: { levelMs: 1 } }, b: { quiet: [] }, c: null };
    expect(parseKnownLevels(JSON.stringify({ schemaVersion: 2, levels }))).toEqual({
      schemaVersion: 2,
      levels: { a: { quiet: [hour], slower: [] } },
    });
  });

  it('is read in its first form, whose later sessions were long ones', () => {
    const session = (levelMs: number, hour: number) => ({ levelMs, at: new Date(START + hour * 3_600_000).toISOString(), probes: 500 });
    const levels = { a: [session(1, 0), session(1.01, 2), session(1.4, 20), session(1.5, 22)], b: [{ levelMs: 0 }, null], c: 'none' };
    const known = parseKnownLevels(JSON.stringify({ schemaVersion: 1, levels }))!;
    expect(bestKnownLevel(known, 'a')).toBe(1);
    expect(slowerEvidence(known, 'a')).toMatchObject({ sessions: 2, probes: 1000, probedMs: 120_000, levelMs: 1.4 });
    expect(Object.keys(known.levels)).toEqual(['a']);
  });
});
