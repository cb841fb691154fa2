export { decodeText, textDecoder } from './decode-text.ts';
export { explainFileError, FileAccessError } from './file-access-error.ts';
export { type FileFacts, type FileSystem, type OpenFile, type OpenFlag, writeFully } from './file-system.ts';
export { nodeFileSystem } from './node-file-system.ts';
export { repeatedKey } from './repeated-key.ts';
export * from './text-files.ts';
export { TEMPORARY_FILE, WholeFileWriter, type WriteOptions } from './whole-file-writer.ts';
