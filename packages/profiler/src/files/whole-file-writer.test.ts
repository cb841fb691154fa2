import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failingFiles, systemError } from './__fixtures__/failing-files.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { writeWholeFile } from './text-files.ts';
import { WholeFileWriter } from './whole-file-writer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nnm files '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const good = 'what was there\n';
const wanted = `${'0123456789'.repeat(5000)}\n`;

describe('a whole file', () => {
  it('is written however few bytes each call takes', async () => {
    const file = path.join(folder, 'made', 'a.txt');
    await writeWholeFile(file, wanted, {
      files: failingFiles(
        () => undefined,
        (length) => Math.ceil(length / 3),
      ),
    });
    expect(readFileSync(file, 'utf8')).toBe(wanted);
    expect(readdirSync(path.dirname(file))).toEqual(['a.txt']);
  });

  it('is not there before it is finished, and not at all when it is given up', () => {
    const file = path.join(folder, 'a.txt');
    const writer = new WholeFileWriter(file);
    writer.write('half');
    expect(() => statSync(file)).toThrow(/ENOENT/);
    writer.discard();
    writer.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['write', 'ENOSPC', /Cannot write .*a\.txt: the disk is full\./],
    ['write', 'EDQUOT', /the disk quota is used up/],
    ['write', 'EFBIG', /larger than files may be/],
    ['sync', 'EIO', /the disk reported an error/],
    ['sync', 'ENOSPC', /the disk is full/],
    ['fstat', 'EIO', /the disk reported an error/],
    ['rename', 'EXDEV', /the system says EXDEV/],
    ['open', 'EROFS', /the file system is read-only/],
    ['makeFolder', 'ENOENT', /its folder does not exist and cannot be made/],
  ])('leaves what was there when %s fails with %s', async (call, code, message) => {
    const file = path.join(folder, 'a.txt');
    writeFileSync(file, good);
    let writes = 0;
    // A disk fills up in the middle of a file, not before its first byte.
    const fault = (called: string) => (called === call && (call !== 'write' || ++writes > 2) ? systemError(code) : undefined);
    const files = failingFiles(fault, (length) => Math.min(length, 1000));
    await expect(writeWholeFile(file, wanted, { files })).rejects.toMatchObject({
      code: 'ERR_FILE_ACCESS',
      message: expect.stringMatching(message),
      details: { systemCode: code },
    });
    expect(readFileSync(file, 'utf8')).toBe(good);
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('notices a disk that says it took what it did not', async () => {
    const file = path.join(folder, 'a.txt');
    writeFileSync(file, good);
    const files = {
      ...nodeFileSystem,
      open: (...given: Parameters<typeof nodeFileSystem.open>) => {
        const real = nodeFileSystem.open(...given);
        return { ...real, write: (bytes: Uint8Array) => real.write(bytes.subarray(0, bytes.length - 10)) + 10 };
      },
    };
    await expect(writeWholeFile(file, wanted, { files })).rejects.toThrow(/the disk reported an error/);
    expect(readFileSync(file, 'utf8')).toBe(good);
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('says so when only its name may not have reached the disk', async () => {
    const file = path.join(folder, 'a.txt');
    await expect(
      writeWholeFile(file, wanted, { files: failingFiles((call) => (call === 'syncFolder' ? systemError('EIO', 'fsync') : undefined)) }),
    ).rejects.toThrow(/the disk reported an error/);
    expect(readFileSync(file, 'utf8')).toBe(wanted);
  });

  it('refuses a folder at once', async () => {
    mkdirSync(path.join(folder, 'a'));
    await expect(writeWholeFile(path.join(folder, 'a'), 'x')).rejects.toThrow(/it is a folder/);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it.skipIf(process.platform === 'win32')('keeps links and permissions (Windows has others)', async () => {
    const real = path.join(folder, 'real', 'a.txt');
    mkdirSync(path.dirname(real));
    writeFileSync(real, good, { mode: 0o640 });
    const link = path.join(folder, 'link.txt');
    symlinkSync(real, link);
    await writeWholeFile(link, wanted);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toBe(wanted);
    expect(statSync(real).mode & 0o777).toBe(0o640);
  });

  it.skipIf(process.platform === 'win32')('writes to a device instead of replacing it (Windows has no device files)', async () => {
    await writeWholeFile('/dev/null', wanted);
    expect(statSync('/dev/null').isFile()).toBe(false);
  });
});

const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts();

/** Whether this process may mount: containers often may not, root or not. */
function mounts(): boolean {
  const place = mkdtempSync(path.join(tmpdir(), 'nnm-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false; // no such program, or not allowed
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

describe.skipIf(!canMount)('on a real full disk (needs root and mount)', () => {
  beforeEach(() => void execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]));
  afterEach(() => void execFileSync('umount', [folder]));

  it('a good file stays when the new one does not fit', async () => {
    const file = path.join(folder, 'predictor.json');
    const before = 'x'.repeat(20_000);
    await writeWholeFile(file, before);
    // 44 kB are left: most of the new file fits, its end does not.
    const error = await writeWholeFile(file, 'y'.repeat(60_000)).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'ERR_FILE_ACCESS', message: `Cannot write ${file}: the disk is full.` });
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(readdirSync(folder)).toEqual(['predictor.json']);
    await writeWholeFile(file, 'z'.repeat(30_000));
    expect(readFileSync(file, 'utf8')).toBe('z'.repeat(30_000));
  });
});
