import { describe, expect, it } from 'vitest';
import type { Environment } from '../environment.ts';
import type { ProfileRecord, Visit } from '../types.ts';
import { formatJournalLine, JOURNAL_SCHEMA_VERSION, type JournalLine, parseJournal } from './journal.ts';

const header: JournalLine = { type: 'header', kind: 'nnm-profile', schemaVersion: JOURNAL_SCHEMA_VERSION };
const visit: Visit = {
  firstProbeMs: Number.NaN,
  slices: [{ runs: 3, minMs: 1, medianMs: 1.1, meanMs: 1.2, probeMs: Number.NaN, cpuShare: Number.NaN }],
};
const record: ProfileRecord = { status: 'failed', id: 'b', error: { code: 'ERR_X', message: 'No.' } };
const environment = { cpu: 'A CPU' } as Environment;
const lines: JournalLine[] = [
  header,
  { type: 'session', at: '2026-01-01T00:00:00.000Z', environment },
  { type: 'visit', id: 'a', visit },
  { type: 'visit', id: 'a', visit },
  { type: 'crash', id: 'b', reason: 'It crashed.' },
  { type: 'record', record },
];
const text = lines.map(formatJournalLine).join('');
const parse = (content: string | Uint8Array, file = 'j') =>
  parseJournal(typeof content === 'string' ? Buffer.from(content) : content, file);

describe('parseJournal', () => {
  it('reads back what was written, not-a-number included', () => {
    const content = parse(text);
    expect(content.environment).toEqual(environment);
    expect(content.visits.get('a')).toEqual([visit, visit]);
    expect(content.crashes.get('b')).toBe(1);
    expect(content.records.get('b')).toEqual(record);
    expect(content).toMatchObject({ damagedLines: 0, soundBytes: Buffer.byteLength(text) });
  });

  it('does not count a torn last line, wherever it is torn', () => {
    const whole = Buffer.byteLength(text);
    const last = formatJournalLine(lines.at(-1)!);
    for (let cut = 1; cut < last.length; cut++) {
      const content = parse(text + last.slice(0, cut));
      expect(content.soundBytes).toBe(whole);
      expect(content.damagedLines).toBe(0);
    }
  });

  it('counts damaged lines in the middle and keeps the others', () => {
    const content = parse(text.replace('"type":"crash"', '"type":"cra'));
    expect(content.damagedLines).toBe(1);
    expect(content.records.size).toBe(1);
  });

  it('counts in bytes, whatever they mean', () => {
    const broken = Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xc3, 0x28, 0x0a]), Buffer.from(formatJournalLine(lines.at(-1)!))]);
    expect(parse(broken)).toMatchObject({ soundBytes: broken.length, damagedLines: 1 });
    expect(parse(Buffer.concat([broken, Buffer.from([0xe2, 0x82])])).soundBytes).toBe(broken.length);
  });

  it('is empty for an empty file, and for one that died in its first line', () => {
    expect(parse('')).toMatchObject({ soundBytes: 0, damagedLines: 0 });
    expect(parse('{"type":"hea').soundBytes).toBe(0);
  });

  it('refuses another version by name, and other files', () => {
    const foreign = formatJournalLine({ ...header, schemaVersion: 9 } as JournalLine);
    expect(() => parse(foreign, 'results/j.jsonl')).toThrow(
      'results/j.jsonl cannot be continued: it has schema version 9 and this nnm writes version 1.',
    );
    expect(() => parse('hello\n')).toThrow('it is not a journal of measurements');
  });
});
