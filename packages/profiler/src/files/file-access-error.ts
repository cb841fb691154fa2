import { NnmError } from '@nnm/core';

/** A file could not be read or written: missing, no permission, disk full. */
export class FileAccessError extends NnmError {
  constructor(
    details: { file: string; doing: 'read' | 'write'; reason: string; hint: string; systemCode?: string },
    options?: ErrorOptions,
  ) {
    super(
      { code: 'ERR_FILE_ACCESS', message: `Cannot ${details.doing} ${details.file}: ${details.reason}.`, hint: details.hint, details },
      options,
    );
  }
}

const ROOM_HINT = 'Free some space and run the same command again; what the file held before is still there, and nothing measured is lost.';

const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOENT: ['it does not exist', 'Check the path.'],
  EISDIR: ['it is a folder', 'Name a file.'],
  ENOTDIR: ['a part of its path is not a folder', 'Check the path.'],
  EEXIST: ['a part of its path is not a folder', 'Check the path.'],
  ELOOP: ['its path has a link that leads to itself', 'Check the links on the path.'],
  ENAMETOOLONG: ['its path is too long', 'Choose a shorter one.'],
  EACCES: ['permission is denied', 'Check the permissions of the file and its folder.'],
  EPERM: ['permission is denied', 'Check the permissions of the file and its folder.'],
  EROFS: ['the file system is read-only', 'Choose a folder that can be written.'],
  ENOSPC: ['the disk is full', ROOM_HINT],
  EDQUOT: ['the disk quota is used up', ROOM_HINT],
  EFBIG: ['it would be larger than files may be here', 'Choose another disk.'],
  EIO: ['the disk reported an error', 'Check the disk, then run the same command again.'],
  EBUSY: ['another program uses it', 'Close that program, then run the same command again.'],
  EMFILE: ['too many files are open', 'Close other programs, or raise the limit of open files.'],
  ENFILE: ['too many files are open', 'Close other programs, or raise the limit of open files.'],
};

const NO_FOLDER = ['its folder does not exist and cannot be made', 'Check the path, and that the folder above can be written.'] as const;

/** Turn a system's error into a kind one; errors that are no system's are returned as they are. */
export function explainFileError(error: unknown, file: string, doing: 'read' | 'write'): unknown {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === undefined || NnmError.isInstance(error)) return error;
  // Making folders below one that cannot be written ends with ENOENT on some systems
  const known = code === 'ENOENT' && doing === 'write' ? NO_FOLDER : REASONS[code];
  if (known === undefined && syscall === undefined) return error;
  const [reason, hint] = known ?? [`the system says ${code}`, 'Check the disk and the permissions, then run the same command again.'];
  return new FileAccessError({ file, doing, reason, hint, systemCode: code }, { cause: error });
}
