import type { Graph } from '@nnm/core';
import { SequenceBuilder } from '../sequence-builder.ts';

const CHANNELS = 768;
const VOCABULARY = 50_257;

/**
 * GPT-2 small reading a prompt: from the sum of the embeddings to the logits of the next token. Words are looked up outside.
 *
 * @param length - tokens of the prompt
 */
export function gpt2(name: string, batchSize: number, length: number): Graph {
  const b = new SequenceBuilder(name, batchSize, 1e-5);
  // The causal mask; what it holds does not matter for time, so it is drawn as zeros.
  const mask = b.g.constant([1, 1, length, length], { spread: 0 });
  const y = b.layers(b.input(length, CHANNELS), 12, {
    heads: 12,
    hidden: 4 * CHANNELS,
    norm: 'before',
    activation: 'gelu-tanh',
    mask,
  });
  return b.build(b.g.dense(b.vectorAt(b.normalise(y), length - 1), VOCABULARY, false));
}
