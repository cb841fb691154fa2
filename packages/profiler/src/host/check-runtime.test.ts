import { describe, expect, it } from 'vitest';
import { virtualBackend, virtualModel } from '../__fixtures__/virtual-backend.ts';
import { startLocalHost } from './runtime-host.ts';

const sound = virtualBackend(() => 1).runtime as unknown as () => Record<string, unknown>;
const start = (runtime: unknown) => startLocalHost((() => runtime) as never, {}, undefined);
const answer = (execute: unknown) => ({
  ...sound(),
  load: () => ({ run: () => undefined, execute: () => execute, close: () => undefined }),
});

describe('what is no runtime', () => {
  it.each([
    ['nothing', null, /what its factory returned must be a runtime, got null/],
    ['an empty object', {}, /`info` must be an object, got undefined/],
    ['information without a version', { ...sound(), info: { runtime: 'R' } }, /`info.version` must be a text, got undefined/],
    ['information without threads', { ...sound(), info: { runtime: 'R', version: '1' } }, /`info.threads` must be an integer/],
    ['something that loads nothing', { ...sound(), load: 7 }, /`load` must be a function, got 7/],
    ['something with a clock that is a time', { ...sound(), now: 7 }, /`now` must be a function, or left out, got 7/],
  ])('%s: is named', async (_, runtime, message) => {
    await expect(start(runtime)).rejects.toMatchObject({ code: 'ERR_INVALID_RUNTIME', message: expect.stringMatching(message) });
  });

  it('is found in its models and their answers', async () => {
    const execute = async (runtime: unknown) => (await start(runtime)).execute(virtualModel('k'), []);
    const refused = (message: RegExp) => ({ code: 'ERR_INVALID_RUNTIME', message: expect.stringMatching(message) });
    await expect(execute({ ...sound(), load: () => undefined })).rejects.toMatchObject(
      refused(/what `load` returned must be a model, got undefined/),
    );
    await expect(execute({ ...sound(), load: () => ({}) })).rejects.toMatchObject(refused(/`run` of a loaded model must be a function/));
    await expect(execute(answer(undefined))).rejects.toMatchObject(refused(/`execute` returned must be a list of tensors, got undefined/));
    await expect(execute(answer([{ shape: [1], data: [1] }]))).rejects.toMatchObject(refused(/a tensor of `execute` must be \{ shape/));
    expect(await execute(answer([{ shape: [1], data: new Float32Array(1) }]))).toHaveLength(1);
  });
});
