import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { failingFiles, systemError } from '../files/__fixtures__/failing-files.ts';
import { openJournal, readJournal } from './journal-file.ts';
import type { JournalLine } from './journal-line.ts';

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
  expect([...again.content.kernels.keys()]).toEqual(['a']);
  const fresh = openJournal(file, { fresh: true });
  fresh.close();
  expect(fresh.content.kernels.size).toBe(0);
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

it('neither grows nor joins lines when it is opened after damage, again and again', async () => {
  const file = path.join(folder, 'j.jsonl');
  openJournal(file).close();
  const whole = await readFile(file);
  await appendFile(file, Buffer.from([0xff, 0xfe, 0x0a, 0xc3, 0x28]));
  for (let run = 0; run < 3; run++) openJournal(file).close();
  expect([...(await readFile(file))]).toEqual([...whole, 0xff, 0xfe, 0x0a]);
  const journal = openJournal(file);
  journal.append(record);
  journal.close();
  expect([...openJournal(file).content.kernels.keys()]).toEqual(['a']);
});

it('leaves no part of a line that did not fit on the disk', async () => {
  const file = path.join(folder, 'j.jsonl');
  let writes = 0;
  const fault = (call: string) => (call === 'write' && ++writes === 22 ? systemError('ENOSPC') : undefined);
  const journal = openJournal(file, { files: failingFiles(fault, (length) => Math.min(length, 10)) });
  for (;;) {
    try {
      journal.append(record);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_JOURNAL_WRITE', message: expect.stringContaining('the disk is full') });
      break;
    }
  }
  journal.append(record); // there is room again
  journal.close();
  expect(openJournal(file).content).toMatchObject({ damagedLines: 0 });
});

it('does not replace a file that is no journal, fresh or not, nor take it for one that has only just begun', async () => {
  const file = path.join(folder, 'j.jsonl');
  for (const foreign of ['my notes', 'my notes\n', '{"type":"x"}\n', '{"type":"header","kind":"other"}\n']) {
    await writeFile(file, foreign);
    for (const fresh of [false, true]) {
      expect(() => openJournal(file, { fresh })).toThrow(expect.objectContaining({ code: 'ERR_JOURNAL_FORMAT' }));
    }
    expect(await readFile(file, 'utf8')).toBe(foreign);
  }
});

it('adds the line end that an editor took away', async () => {
  const file = path.join(folder, 'j.jsonl');
  const journal = openJournal(file);
  journal.append(record);
  journal.close();
  await writeFile(file, (await readFile(file, 'utf8')).trimEnd());
  const again = openJournal(file);
  again.append({ type: 'crash', id: 'b', reason: 'It crashed.' });
  again.close();
  expect([...readJournal(file)!.kernels.keys()]).toEqual(['a', 'b']);
  expect(readJournal(file)).toMatchObject({ damagedLines: 0 });
  expect(readJournal(path.join(folder, 'none.jsonl'))).toBeUndefined();
});
