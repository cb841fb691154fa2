import { describe, expect, it } from 'vitest';
import { judgeProcess, type ProcessIdentity, systemLookup, thisProcess } from './process-identity.ts';

const here = { pid: 7, host: 'here', boot: 'b1', machine: 'm1', namespace: 'pid:[1]' };
const other: ProcessIdentity = { ...here, pid: 1, began: '100' };
const judge = (given: Partial<ProcessIdentity>, lookup: { running?: boolean; began?: string } = {}) =>
  judgeProcess({ ...other, ...given }, here, { isRunning: () => lookup.running ?? true, whenBegan: () => lookup.began });

describe('whether a process still runs', () => {
  it.each([
    ['it is there', {}, { began: '100' }, 'running'],
    ['its number is free', {}, { running: false }, 'gone'],
    ['its number is that of a later process', {}, { began: '200' }, 'gone'],
    ['when it began cannot be told', {}, {}, 'running'],
    ['the machine was started again since', { boot: 'b0' }, {}, 'gone'],
    ['another machine has the same name', { boot: 'b0', machine: 'm2' }, {}, 'unknown'],
    ['another run of a machine that has no id', { boot: 'b0', machine: undefined }, {}, 'unknown'],
    ['another machine', { host: 'there', boot: 'b0' }, {}, 'unknown'],
    ['another container on this machine', { namespace: 'pid:[2]', host: 'there' }, {}, 'unknown'],
    ['another life of this container', { namespace: 'pid:[2]' }, {}, 'unknown'],
    ['another host name of this machine', { host: 'renamed' }, { began: '100' }, 'running'],
    ['a lock of an earlier version names it', { boot: undefined, namespace: undefined, began: undefined }, {}, 'running'],
    [
      'a lock of an earlier version names this very number',
      { pid: 7, boot: undefined, namespace: undefined, began: undefined },
      {},
      'gone',
    ],
    ['a lock of an earlier version, from another machine', { host: 'there', boot: undefined, began: undefined }, {}, 'unknown'],
  ] as const)('%s', (_, given, lookup, expected) => {
    expect(judge(given as Partial<ProcessIdentity>, lookup)).toBe(expected);
  });

  it('knows this process, and that process 4194303 is not there', () => {
    const self = thisProcess();
    expect(judgeProcess(self, self, systemLookup)).toBe('running');
    expect(judgeProcess({ ...self, began: 'earlier' }, self, systemLookup)).toBe('gone');
    expect(judgeProcess({ ...self, pid: 2 ** 22 - 1 }, self, systemLookup)).toBe('gone');
    expect(self.began).toMatch(/\d/);
  });
});
