import type * as Crypto from 'node:crypto';
import type * as Fs from 'node:fs';
import type * as Os from 'node:os';
import type * as Path from 'node:path';

/** A file of an agent, as both sides know it. */
export interface PlannedFile {
  /** Below the agent's folder, with `/`. */
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** What the program on the board is to do. */
export type BoardPlan =
  /** Bring an agent into its folder; the bytes of the files that are missing follow, in the order of the answer. */
  | { readonly do: 'receive'; readonly root: string; readonly id: string; readonly files: readonly PlannedFile[] }
  /** Find what is installed in a folder. */
  | { readonly do: 'locate'; readonly folder: string; readonly packages: readonly string[] }
  /** Delete everything that nnm has put there. */
  | { readonly do: 'remove'; readonly root: string };

/** What it answers, a line of JSON each. */
export type BoardAnswer =
  | { readonly missing: readonly number[] }
  | { readonly folder: string }
  /** Folder and version of every package, in the order they were asked for; null for one that is not there. */
  | { readonly located: readonly ({ readonly folder: string; readonly version: string } | null)[] }
  | { readonly removed: string | null; readonly sizeBytes: number }
  | { readonly error: { readonly code: string; readonly message: string; readonly path: string } };

/**
 * The program that the board runs to receive, find and delete: its text is sent to a Node there that knows nothing of nnm. It uses nothing
 * from around it but its argument. It reads a length (32 bits, little endian) and a plan as JSON, answers in lines of JSON, and reads the
 * bytes of files as they come.
 *
 * An agent's folder is named by a hash of its content. What is in it is believed by its hash only, now and when it is found again, so a copy
 * that broke off is carried on with, and a file that somebody changed is replaced. A file that an older agent has is linked from there.
 */
export function runOnBoard(load: NodeJS.Require): void {
  const fs = load('fs') as typeof Fs;
  const os = load('os') as typeof Os;
  const path = load('path') as typeof Path;
  const crypto = load('crypto') as typeof Crypto;
  /** An agent that was not used for so long goes when another one comes. */
  const oldMs = 30 * 24 * 3600 * 1000;

  const say = (answer: BoardAnswer): void => {
    fs.writeSync(1, `${JSON.stringify(answer)}\n`);
  };
  const read = (target: Uint8Array, length: number): void => {
    for (let got = 0; got < length; ) {
      let count = 0;
      try {
        count = fs.readSync(0, target, got, length - got, null);
      } catch (error) {
        // Nothing has come yet on an input that does not wait.
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        continue;
      }
      if (count === 0) process.exit(0); // nobody is there any more
      got += count;
    }
  };
  const hashOf = (file: string): string | undefined => {
    try {
      return crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
      throw error;
    }
  };
  const expand = (folder: string): string => (folder.startsWith('~/') ? path.join(os.homedir(), folder.slice(2)) : folder);
  // Node's own way to make parents never ends below /proc.
  const makeFolder = (folder: string): void => {
    if (fs.existsSync(folder)) return;
    makeFolder(path.dirname(folder));
    try {
      fs.mkdirSync(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  };
  const listAgents = (root: string): string[] => {
    try {
      return fs.readdirSync(path.join(root, 'agents'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  };

  const receive = (plan: BoardPlan & { do: 'receive' }): void => {
    const root = expand(plan.root);
    const folder = path.join(root, 'agents', plan.id);
    const isNew = !fs.existsSync(folder);
    const place = (file: PlannedFile): string => path.join(folder, ...file.path.split('/'));
    /** Where older agents have a file of this content. */
    const older = new Map<string, string>();
    for (const agent of listAgents(root)) {
      if (agent === plan.id) continue;
      const manifest = path.join(root, 'agents', agent, 'manifest.json');
      if (!fs.existsSync(manifest)) continue;
      for (const { path: name, sha256 } of JSON.parse(fs.readFileSync(manifest, 'utf8')) as PlannedFile[]) {
        older.set(sha256, path.join(root, 'agents', agent, ...name.split('/')));
      }
    }
    const put = (file: PlannedFile, write: (temporary: string) => void): void => {
      const target = place(file);
      const temporary = `${target}.${process.pid}.tmp`;
      makeFolder(path.dirname(target));
      try {
        write(temporary);
        fs.renameSync(temporary, target);
      } catch (error) {
        fs.rmSync(temporary, { force: true });
        throw error;
      }
    };
    const isThere = (file: PlannedFile): boolean => {
      if (hashOf(place(file)) === file.sha256) return true;
      const other = older.get(file.sha256);
      if (other === undefined || hashOf(other) !== file.sha256) return false;
      put(file, (temporary) => {
        try {
          fs.linkSync(other, temporary);
        } catch {
          fs.copyFileSync(other, temporary); // a file system without links
        }
      });
      return true;
    };
    try {
      const missing = plan.files.flatMap((file, index) => (isThere(file) ? [] : [index]));
      say({ missing });
      for (const index of missing) {
        const file = plan.files[index]!;
        const bytes = new Uint8Array(file.sizeBytes);
        read(bytes, bytes.length);
        put(file, (temporary) => fs.writeFileSync(temporary, bytes, { flush: true } as object));
        if (hashOf(place(file)) !== file.sha256) {
          throw Object.assign(new Error('what was written is not what was sent'), { code: 'EIO', path: place(file) });
        }
      }
    } catch (error) {
      // A disk that is full stays no fuller than it was.
      if (isNew && (error as NodeJS.ErrnoException).code === 'ENOSPC') fs.rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    const own = path.join(folder, 'manifest.json');
    fs.writeFileSync(own, JSON.stringify(plan.files));
    const nowMs = fs.statSync(own).mtimeMs;
    for (const agent of listAgents(root)) {
      const manifest = path.join(root, 'agents', agent, 'manifest.json');
      if (fs.existsSync(manifest) && nowMs - fs.statSync(manifest).mtimeMs > oldMs) {
        fs.rmSync(path.join(root, 'agents', agent), { recursive: true, force: true });
      }
    }
    say({ folder });
  };

  const locate = (plan: BoardPlan & { do: 'locate' }): void => {
    const start = expand(plan.folder);
    const find = (name: string): { folder: string; version: string } | null => {
      for (let folder = start; ; folder = path.dirname(folder)) {
        const place = path.join(folder, 'node_modules', ...name.split('/'));
        if (fs.existsSync(path.join(place, 'package.json'))) {
          const { version } = JSON.parse(fs.readFileSync(path.join(place, 'package.json'), 'utf8')) as { version: string };
          return { folder: place, version };
        }
        if (folder === path.dirname(folder)) return null;
      }
    };
    say({ located: plan.packages.map(find) });
  };

  const remove = (plan: BoardPlan & { do: 'remove' }): void => {
    const root = expand(plan.root);
    const folder = path.join(root, 'agents');
    let sizeBytes = 0;
    const count = (place: string): void => {
      for (const entry of fs.readdirSync(place, { withFileTypes: true })) {
        const file = path.join(place, entry.name);
        if (entry.isDirectory()) count(file);
        else sizeBytes += fs.lstatSync(file).size;
      }
    };
    const isThere = fs.existsSync(folder);
    if (isThere) {
      count(folder);
      fs.rmSync(folder, { recursive: true });
      // Its parent is nnm's own unless somebody keeps other things in it.
      if (fs.readdirSync(root).length === 0) fs.rmdirSync(root);
    }
    say({ removed: isThere ? folder : null, sizeBytes });
  };

  try {
    const head = new Uint8Array(4);
    read(head, 4);
    const text = new Uint8Array(new DataView(head.buffer).getUint32(0, true));
    read(text, text.length);
    const plan = JSON.parse(new TextDecoder().decode(text)) as BoardPlan;
    if (plan.do === 'receive') receive(plan);
    else if (plan.do === 'locate') locate(plan);
    else remove(plan);
  } catch (error) {
    const { code = 'unknown', message, path: place = '' } = error as NodeJS.ErrnoException;
    say({ error: { code, message, path: String(place) } });
  }
}
