import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The code of a document that says as its first line which file it is: `// gate.ts`. By file name. */
export async function documentedFiles(document: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(new URL(`../docs/${document}`, import.meta.url), 'utf8');
  const blocks = text.matchAll(/^```ts\n\/\/ (\S+\.ts)\n(.*?)^```$/gms);
  return Object.fromEntries([...blocks].map(([, name, code]) => [name as string, code as string]));
}

/** Write files into a folder; contract tests run under Node's own runner, as the documents say they can. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  const forNode = (code: string): string => code.replace("import { it } from 'vitest';", "import { test as it } from 'node:test';");
  await Promise.all(Object.entries(files).map(([name, code]) => writeFile(join(folder, name), forNode(code))));
}
