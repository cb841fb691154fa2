import { describe, expect, it } from 'vitest';
import { InvalidFileError, NnmError, suggestNearest } from './index.ts';

describe('NnmError', () => {
  it('is recognised across copies of core by its mark', () => {
    const ours = new NnmError({ code: 'ERR_TEST', message: 'No.' });
    const theirs = Object.assign(new Error('No.'), { code: 'ERR_TEST', [Symbol.for('nnm.error')]: true });
    expect([ours, theirs, new Error('No.'), undefined, 'No.'].map((error) => NnmError.isInstance(error))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('says file, line and key of every problem', () => {
    const error = new InvalidFileError({
      file: 'a.yaml',
      problems: [{ line: 3, key: 'A.B', message: 'is wrong' }, { message: 'is empty' }],
    });
    expect(error.message).toBe('a.yaml has 2 problems:\n  a.yaml:3 A.B: is wrong\n  a.yaml: is empty');
    expect(error.toJSON()).toMatchObject({ code: 'ERR_INVALID_FILE', details: { file: 'a.yaml' } });
  });
});

describe('suggestNearest', () => {
  it('finds near ids and leaves far ones out', () => {
    const known = ['conv-bn-relu', 'conv-bn-relu6', 'conv-relu', 'maxpool'];
    expect(suggestNearest('conv-bn-rleu', known)[0]).toBe('conv-bn-relu');
    expect(suggestNearest('MAXPOOL', known)).toEqual(['maxpool']);
    expect(suggestNearest('transformer', known)).toEqual([]);
  });
});
