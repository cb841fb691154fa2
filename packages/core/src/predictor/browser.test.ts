import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('..', import.meta.url));

/** Every module that this one loads when it runs (types are erased), with the packages they import. */
function reach(entry: string): { modules: string[]; packages: string[] } {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (modules.has(file)) return;
    modules.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, typeOnly, specifier] of text.matchAll(/^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)';/gm)) {
      if (typeOnly !== undefined) continue;
      if (specifier!.startsWith('.')) visit(join(dirname(file), specifier!));
      else packages.add(specifier!);
    }
    for (const [, specifier] of text.matchAll(/\bimport\(\s*'([^']+)'/g)) packages.add(specifier!);
  };
  visit(entry);
  return { modules: [...modules].map((file) => relative(source, file).replaceAll('\\', '/')), packages: [...packages] };
}

describe('@nnm/core/predictor', () => {
  const { modules, packages } = reach(join(source, 'predictor/index.ts'));

  it('runs in a browser: no Node module, no package but the one that suggests names', () => {
    expect(packages).toEqual(['fastest-levenshtein']);
    for (const module of modules) {
      expect(readFileSync(join(source, module), 'utf8')).not.toMatch(/\b(Buffer|process|require|setImmediate)\b[.(]/);
    }
  });

  it('holds no training code', () => {
    expect(modules.filter((module) => module.startsWith('regression/'))).toEqual([]);
    expect(modules).toContain('predictor/predictor-file.ts');
    expect(modules).toContain('predictor/lane-walk.ts');
  });
});
