/** Finds the kernel's key that a name of a file means, however it is written (`HW`, `hw`, `Kernel size`); undefined for the user's own. */
export function keyReader(keys: readonly string[]): (name: string) => string | undefined {
  const exact = new Set(keys);
  const byPlainName = new Map(keys.map((key) => [plain(key), key]));
  const isPlainEnough = byPlainName.size === keys.length;
  return (name) => (exact.has(name) ? name : isPlainEnough ? byPlainName.get(plain(name)) : undefined);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
