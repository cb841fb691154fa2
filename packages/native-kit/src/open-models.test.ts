import type { LoadedModel } from '@nnm/core';
import { expect, it } from 'vitest';
import { OpenModels } from './open-models.ts';

function model(closed: string[], name: string): LoadedModel {
  return { run: () => undefined, execute: () => [], close: () => void closed.push(name) };
}

it('hands over what nobody has closed, once, and loads nothing any more', () => {
  const closed: string[] = [];
  const models = new OpenModels('mine');
  models.assertOpen();
  const first = models.keep(model(closed, 'first'));
  models.keep(model(closed, 'second'));
  void first.close();
  for (const left of models.end()) void left.close();
  expect(closed).toEqual(['first', 'second']);
  expect(models.end()).toEqual([]);
  expect(() => models.assertOpen()).toThrow('mine failed while loading a model: the runtime was closed.');
});
