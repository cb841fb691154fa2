import { describe, expect, it } from 'vitest';
import { type LayoutGroup, LayoutGroups } from './layout-groups.ts';

const layouts = new LayoutGroups<'image' | 'plain'>('image');
const free = (): LayoutGroup<'image' | 'plain'> => ({});

describe('values that ops of any layout join', () => {
  it('have the layout that one of them has', () => {
    const other = free();
    const joined = layouts.join([other, { fixed: 'plain' }]);
    expect([layouts.layoutOf(joined), layouts.layoutOf(other)]).toEqual(['plain', 'plain']);
  });

  it('meet as images', () => {
    expect(layouts.layoutOf(layouts.join([{ fixed: 'plain' }, { fixed: 'image' }]))).toBe('image');
    expect(layouts.layoutOf(layouts.join([{ fixed: 'plain' }, { wanted: 'image' }]))).toBe('image');
  });

  it('have none until somebody asks, and then all have it', () => {
    const [a, b] = [free(), free()];
    const root = layouts.join([a, b]);
    expect([a, b].map((one) => layouts.rootOf(one))).toEqual([root, root]);
    expect(layouts.layoutOf(b)).toBeUndefined();
    layouts.ask(root, 'plain');
    expect([a, b].map((one) => layouts.layoutOf(one))).toEqual(['plain', 'plain']);
  });

  it('stay images whatever is asked later, and what is fixed stays as it is', () => {
    const group = free();
    layouts.ask(group, 'image');
    layouts.ask(group, 'plain');
    expect(layouts.layoutOf(group)).toBe('image');
    const fixed: LayoutGroup<'image' | 'plain'> = { fixed: 'plain' };
    layouts.ask(fixed, 'image');
    expect(layouts.layoutOf(fixed)).toBe('plain');
  });
});
