import path from 'node:path';
import { expect, test } from 'vitest';
import { packageFolder } from './load-plugin.ts';
import { shortPath } from './origin.ts';

test.each([
  [path.posix, '/home/me/ws/report.html', '/home/me', 'ws/report.html'],
  [path.posix, '/etc/nnm/x', '/home/me/a/b', '/etc/nnm/x'],
  [path.win32, 'C:\\Users\\me\\ws\\report.html', 'C:\\Users\\me', 'ws\\report.html'],
  [path.win32, 'C:\\Users\\me', 'c:\\users\\ME', '.'],
  [path.win32, 'C:\\Users\\a-long-name\\x.json', 'C:\\Users\\me\\y', '..\\..\\a-long-name\\x.json'],
  [path.win32, 'C:\\x\\a-long-name.json', 'C:\\Users\\me\\a\\b', 'C:\\x\\a-long-name.json'],
  [path.win32, 'D:\\data\\x.json', 'C:\\Users\\me', 'D:\\data\\x.json'],
] as const)('%# a path is shown short where it is near', (flavour, file, cwd, shown) => {
  expect(shortPath(file, cwd, flavour)).toBe(shown);
});

test.each([
  [path.posix, '/p/node_modules/foo/dist/index.js', '/p/node_modules/foo'],
  [path.win32, 'C:\\p\\node_modules\\@nnm\\foo\\dist\\index.js', 'C:\\p\\node_modules\\@nnm\\foo'],
  [path.win32, 'C:\\p\\node_modules\\a\\node_modules\\foo\\index.js', 'C:\\p\\node_modules\\a\\node_modules\\foo'],
  [path.win32, 'C:\\p\\plugin.mjs', 'C:\\p'],
] as const)('%# the package of a module', (flavour, file, folder) => {
  expect(packageFolder(file, flavour)).toBe(folder);
});
