import { expect, it } from 'vitest';
import { shortfallNote } from './shortfall-note.ts';

it('says how many there are, and nothing when there are enough', () => {
  expect(shortfallNote({ kernel: 'fc', asked: 10, got: 10 })).toBeUndefined();
  expect(shortfallNote({ kernel: 'fc', asked: 10, got: 4, excluded: 3 })).toBe(
    'fc has only 4 configurations within its ranges and the cost limits besides the 3 measured before; 10 were asked for. Raise the cost limits (MAX_FLOPS, MAX_BYTES) to get more.',
  );
  expect(shortfallNote({ kernel: 'fc', asked: 10, got: 1 })).toContain('fc has only 1 configuration within');
  expect(shortfallNote({ kernel: 'fc', asked: 10, got: 0 })).toContain('fc has no configuration within');
});
