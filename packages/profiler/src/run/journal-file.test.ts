import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JournalLine } from './journal.ts';
import { openJournal } from './journal-file.ts';

const record: JournalLine = { type: 'record', record: { status: 'failed', id: 'a', error: { code: 'ERR_X', message: 'No.' } } };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm journal '));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('holds what was added when it is opened again', () => {
  const file = path.join(folder, 'new', 'j.jsonl');
  const journal = openJournal(file);
  journal.append(record);
  journal.close();
  const again = openJournal(file);
  again.close();
  expect([...again.content.records.keys()]).toEqual(['a']);
  const fresh = openJournal(file, true);
  fresh.close();
  expect(fresh.content.records.size).toBe(0);
});

it.skipIf(process.platform === 'win32')('says so when it is removed while it is written (Windows does not let that happen)', async () => {
  const journal = openJournal(path.join(folder, 'j.jsonl'));
  await rm(folder, { recursive: true });
  expect(() => journal.append(record)).toThrow(/j\.jsonl cannot be written: it was removed meanwhile\./);
  journal.close();
});

it('says so when a folder is in its place', async () => {
  await mkdir(path.join(folder, 'j.jsonl'));
  expect(() => openJournal(path.join(folder, 'j.jsonl'))).toThrow(/cannot be written: a folder has its name\./);
});
