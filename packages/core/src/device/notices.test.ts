import { expect, it } from 'vitest';
import { Notices } from './notices.ts';

it('says again what was said before somebody listened', () => {
  const notices = new Notices();
  const [early, late]: string[][] = [[], []];
  notices.listen((text) => early!.push(text));
  notices.tell('open the link');
  notices.listen((text) => late!.push(text));
  notices.tell('unlock the phone');
  expect([early, late]).toEqual(Array(2).fill(['open the link', 'unlock the phone']));
});
