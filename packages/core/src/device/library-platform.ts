const ELF_MACHINES: Readonly<Record<number, string>> = { 3: 'ia32', 40: 'arm', 62: 'x64', 183: 'arm64', 243: 'riscv64' };
const MACH_CPUS: Readonly<Record<number, string>> = { 16777223: 'x64', 16777228: 'arm64' };
const PE_MACHINES: Readonly<Record<number, string>> = { 332: 'ia32', 34404: 'x64', 43620: 'arm64' };

/**
 * What a shared library was built for, from its first bytes: `linux-arm64`, `darwin-x64`, `win32-x64`; the loader of the system
 * only says "no such file" of a library for another processor.
 *
 * @param head - its first 4096 bytes, or all of it
 * @returns undefined when it is no shared library, `darwin` without a processor for one that holds several
 */
export function libraryPlatform(head: Uint8Array): string | undefined {
  if (head.length < 64) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const magic = view.getUint32(0, false);
  if (magic === 0x7f454c46) return `linux-${ELF_MACHINES[view.getUint16(18, view.getUint8(5) === 1)] ?? 'unknown'}`;
  if (magic === 0xcffaedfe) return `darwin-${MACH_CPUS[view.getUint32(4, true)] ?? 'unknown'}`;
  if (magic === 0xcafebabe) return 'darwin';
  const pe = view.getUint16(0, false) === 0x4d5a ? view.getUint32(60, true) : Number.POSITIVE_INFINITY;
  if (pe + 6 > head.length || view.getUint32(pe, false) !== 0x50450000) return undefined;
  return `win32-${PE_MACHINES[view.getUint16(pe + 4, true)] ?? 'unknown'}`;
}
