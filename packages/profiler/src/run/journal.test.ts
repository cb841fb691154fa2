import { describe, expect, it } from 'vitest';
import type { Environment } from '../environment.ts';
import type { ProfiledRecord, ProfileRecord, Visit } from '../types.ts';
import { formatJournalLine, JOURNAL_HEADER, measurementsOf, parseJournal } from './journal.ts';
import type { JournalLine } from './journal-line.ts';

const visit: Visit = {
  firstProbeMs: Number.NaN,
  slices: [{ runs: 3, minMs: 1, medianMs: 1.1, meanMs: 1.2, probeMs: Number.NaN, cpuShare: Number.NaN }],
};
const failed: ProfileRecord = { status: 'failed', id: 'b', hash: 'h', error: { code: 'ERR_X', message: 'No.' } };
const measured: ProfiledRecord = {
  status: 'ok',
  id: 'a',
  hash: 'h',
  stats: {
    latencyMs: 2,
    spreadMs: 0.1,
    repeatabilityMs: 0.05,
    meanMs: 2.1,
    stdMs: 0.1,
    medianMs: 2,
    minMs: 1.9,
    p10Ms: 1.95,
    p90Ms: 2.3,
    runs: 30,
    acceptedRuns: 20,
    visits: 2,
  },
  flags: [],
  slowdown: 1.01,
  quietLevelMs: 0.05,
};
const environment: Environment = {
  cpu: 'A CPU',
  cores: 2,
  memoryBytes: 1,
  platform: 'linux',
  arch: 'x64',
  runtime: { runtime: 'R', version: '1', threads: 1, options: { delegate: true } },
  isolation: 'none',
  pinned: false,
  node: '20',
  nnm: '0.1.0',
};
const lines: JournalLine[] = [
  JOURNAL_HEADER,
  { type: 'session', at: '2026-01-01T00:00:00.000Z', environment },
  { type: 'visit', id: 'a', hash: 'h', visit },
  { type: 'visit', id: 'a', hash: 'h', visit },
  { type: 'record', record: measured },
  { type: 'record', record: failed },
  { type: 'crash', id: 'b', hash: 'h', reason: 'It crashed.' },
];
const text = lines.map(formatJournalLine).join('');
const parse = (content: string | Uint8Array, file = 'j') =>
  parseJournal(typeof content === 'string' ? Buffer.from(content) : content, file);

describe('parseJournal', () => {
  it('reads back what was written, not-a-number included', () => {
    const content = parse(text);
    expect(content.environment).toEqual(environment);
    expect(measurementsOf(content, { id: 'a', hash: 'h' })).toEqual({
      hash: 'h',
      visits: [visit, visit],
      crashes: 0,
      begun: false,
      record: measured,
    });
    expect(measurementsOf(content, { id: 'b', hash: 'h' })).toEqual({ hash: 'h', visits: [], crashes: 1, begun: false, record: failed });
    expect(content).toMatchObject({ damagedLines: 0, soundBytes: Buffer.byteLength(text), endsMidLine: false });
  });

  it('keeps apart what was measured under one id when it was something else', () => {
    const other = { ...measured, hash: 'other', stats: { ...measured.stats, latencyMs: 7, p90Ms: 8 } };
    const unknown: ProfiledRecord = { ...measured, hash: undefined };
    const content = parse(text + [other, unknown].map((record) => formatJournalLine({ type: 'record', record })).join(''));
    expect(content.kernels.get('a')!.map(({ hash }) => hash)).toEqual(['h', 'other', undefined]);
    expect(measurementsOf(content, { id: 'a', hash: 'other' })?.record).toEqual(other);
    expect(measurementsOf(content, { id: 'a', hash: 'h' })?.record).toEqual(measured);
    expect(measurementsOf(content, { id: 'a', hash: 'new' })).toBeUndefined();
  });

  it('does not count a torn last line, wherever it is torn', () => {
    const whole = Buffer.byteLength(text);
    const last = formatJournalLine(lines.at(-1)!);
    for (let cut = 1; cut < last.length - 1; cut++) {
      const content = parse(text + last.slice(0, cut));
      expect(content.soundBytes).toBe(whole);
      expect(content.damagedLines).toBe(0);
    }
    expect(parse(text + last.trimEnd())).toMatchObject({ soundBytes: whole + last.length - 1, endsMidLine: true });
  });

  it('counts damaged lines in the middle and keeps the others', () => {
    const content = parse(text.replace('"type":"crash"', '"type":"cra'));
    expect(content).toMatchObject({ damagedLines: 1, firstDamage: { line: 7, problem: 'it is not JSON' } });
    expect([...content.kernels.keys()]).toEqual(['a', 'b']);
  });

  it('counts in bytes, whatever they mean', () => {
    const broken = Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xc3, 0x28, 0x0a]), Buffer.from(formatJournalLine(lines.at(-1)!))]);
    expect(parse(broken)).toMatchObject({
      soundBytes: broken.length,
      damagedLines: 1,
      firstDamage: { line: 8, problem: 'it is not UTF-8 text' },
    });
    expect(parse(Buffer.concat([broken, Buffer.from([0xe2, 0x82])])).soundBytes).toBe(broken.length);
  });

  it('reads what an editor has saved: with a byte order mark, Windows line ends and empty lines', () => {
    const content = parse(`\uFEFF${text.replaceAll('\n', '\r\n')}\r\n\r\n`);
    expect(content).toMatchObject({ damagedLines: 0, environment });
    expect(content.kernels.size).toBe(2);
  });

  it('is empty for an empty file, and for one that died in its first line', () => {
    expect(parse('')).toMatchObject({ soundBytes: 0, damagedLines: 0 });
    expect(parse('{"type":"hea').soundBytes).toBe(0);
    expect(parse('\uFEFF').soundBytes).toBe(0);
  });

  it('refuses another version by name, and other files', () => {
    const foreign = formatJournalLine({ ...JOURNAL_HEADER, schemaVersion: 9 } as unknown as JournalLine);
    expect(() => parse(foreign, 'results/j.jsonl')).toThrow(
      'results/j.jsonl cannot be continued: it has schema version 9 and this nnm writes version 1.',
    );
    expect(() => parse('hello\n')).toThrow('it is not a journal of measurements');
    expect(() => parse('hello')).toThrow('it is not a journal of measurements');
  });
});

describe('a line with a number that cannot be', () => {
  const recordWith = (change: object): object => ({ type: 'record', record: { ...measured, ...change } });
  const statsWith = (change: object): object => recordWith({ stats: { ...measured.stats, ...change } });
  const sliceWith = (change: object, rest: object = {}): object => ({
    type: 'visit',
    id: 'a',
    visit: { firstProbeMs: 0.1, ...rest, slices: [{ ...visit.slices[0], ...change }] },
  });

  it.each<[string, object]>([
    ['no latency', statsWith({ latencyMs: null })],
    ['a latency of 0', statsWith({ latencyMs: 0 })],
    ['a negative latency', statsWith({ latencyMs: -2 })],
    ['a latency that is text', statsWith({ latencyMs: '2' })],
    ['a latency below the fastest run', statsWith({ latencyMs: 1 })],
    ['a negative spread', statsWith({ spreadMs: -0.1 })],
    ['a negative repeatability', statsWith({ repeatabilityMs: -0.1 })],
    ['quantiles out of order', statsWith({ p10Ms: 2.5 })],
    ['a minimum above the median', statsWith({ minMs: 3 })],
    ['no quantile', statsWith({ p90Ms: null })],
    ['half a run', statsWith({ runs: 30.5 })],
    ['more accepted runs than runs', statsWith({ acceptedRuns: 31 })],
    ['no visit', statsWith({ visits: 0 })],
    ['a flag that nobody knows', recordWith({ flags: ['perfect'] })],
    ['no slowdown', recordWith({ slowdown: null })],
    ['a negative level', recordWith({ quietLevelMs: -1 })],
    ['another status', recordWith({ status: 'fine' })],
    ['no stats', recordWith({ stats: undefined })],
    ['a failure without a reason', { type: 'record', record: { status: 'failed', id: 'b', error: {} } }],
    ['a slice without time', sliceWith({ medianMs: 0 })],
    ['a slice of negative time', sliceWith({ minMs: -1 })],
    ['a slice with its median below its minimum', sliceWith({ medianMs: 0.5 })],
    ['a slice without runs', sliceWith({ runs: 0 })],
    ['a negative probe', sliceWith({ probeMs: -1 })],
    ['a rest without time', sliceWith({}, { restedMs: 0 })],
    ['a visit without slices', { type: 'visit', id: 'a', visit: { firstProbeMs: 0.1, slices: [] } }],
    ['a session without a runtime', { type: 'session', at: '', environment: { cpu: 'A' } }],
    ['an unknown type', { type: 'note' }],
    ['an array', []],
  ])('%s: is refused and counted', (_, line) => {
    const content = parse(`${formatJournalLine(JOURNAL_HEADER)}${JSON.stringify(line)}\n`);
    expect(content).toMatchObject({ damagedLines: 1, firstDamage: { line: 2 } });
    expect(content.kernels.size).toBe(0);
  });

  it('but what the reference took when it had rested is kept', () => {
    const content = parse(`${formatJournalLine(JOURNAL_HEADER)}${JSON.stringify(sliceWith({}, { restedMs: 0.09 }))}\n`);
    expect(content.kernels.get('a')![0]!.visits[0]).toMatchObject({ restedMs: 0.09 });
  });

  it('but a probe that earlier versions left out is read', () => {
    const content = parse(`${formatJournalLine(JOURNAL_HEADER)}${JSON.stringify(sliceWith({ beforeMs: null, probeMs: 0.1 }))}\n`);
    expect(content.damagedLines).toBe(0);
    expect(content.kernels.get('a')![0]!.visits[0]!.slices[0]).not.toHaveProperty('beforeMs');
  });

  it('but what a runtime without a reference leaves unknown is read', () => {
    const content = parse(`${formatJournalLine(JOURNAL_HEADER)}${JSON.stringify(sliceWith({ probeMs: null, cpuShare: null }))}\n`);
    expect(content.damagedLines).toBe(0);
    expect(content.kernels.get('a')![0]!.visits[0]!.slices[0]).toMatchObject({ probeMs: Number.NaN, cpuShare: Number.NaN });
  });
});
