// A lock between processes of this repository, made of a folder that holds one file, named after the process that has the lock.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Between two looks at a lock that somebody else has, in milliseconds. */
const PAUSE_MS = 200;

/**
 * Do `work` while no other process does work under the same lock. The lock of a process that is gone is taken over.
 *
 * @template T
 * @param {string} folder - the lock; made and removed
 * @param {() => T | Promise<T>} work
 * @param {() => void} [onWait] - called once when another process has the lock
 * @returns {Promise<T>}
 * @throws the system's error when the folder cannot be made
 */
export async function withFolderLock(folder, work, onWait) {
  let hasWaited = false;
  while (!claim(folder) && !takeOver(folder)) {
    if (!hasWaited) onWait?.();
    hasWaited = true;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const release = () => remove(folder);
  process.once('exit', release);
  const signals = ['SIGINT', 'SIGTERM'];
  const stop = () => process.exit(130);
  for (const signal of signals) process.once(signal, stop);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.off(signal, stop);
    process.off('exit', release);
    release();
  }
}

/** Make the folder with this process's name in it, in one step: there is no lock without an owner. */
function claim(folder) {
  mkdirSync(dirname(folder), { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  writeFileSync(join(made, String(process.pid)), '');
  try {
    renameSync(made, folder);
    return true;
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(error.code)) return false; // there is one; Windows says EPERM
    throw error;
  }
}

/** Give the lock of a process that is gone this process's name. Renaming a file succeeds for one process only. */
function takeOver(folder) {
  const owner = ownerOf(folder);
  if (owner === undefined || isRunning(owner)) return false;
  try {
    renameSync(join(folder, owner), join(folder, String(process.pid)));
    return true;
  } catch (error) {
    if (error.code === 'ENOENT') return false; // another process was faster
    throw error;
  }
}

/** The name of the process that has the lock; empty while it is being removed, undefined when there is no lock. */
function ownerOf(folder) {
  try {
    return readdirSync(folder)[0] ?? '';
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isRunning(pid) {
  if (pid === String(process.pid)) return false; // of a process that had the same number, as in a container that was restarted
  if (!/^\d+$/.test(pid)) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM'; // it runs, and belongs to somebody else
  }
}

/** Put the folder aside in one step, then remove it, so that nobody sees it half removed. */
function remove(folder) {
  const aside = `${folder}-${process.pid}-done`;
  try {
    renameSync(folder, aside);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error; // the user removed it
  }
  rmSync(aside, { recursive: true, force: true });
}
