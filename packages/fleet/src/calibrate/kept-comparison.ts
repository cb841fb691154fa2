import type { Redis } from 'ioredis';
import { KEYS } from '../protocol.ts';
import { agreeing, type Comparison } from './comparison.ts';

/** The last comparison of a class; undefined when nobody has made one. */
export async function readComparison(redis: Redis, classId: string): Promise<Comparison | undefined> {
  const text = await redis.get(KEYS.comparison(classId));
  return text === null ? undefined : (JSON.parse(text) as Comparison);
}

/** Keep a comparison: from now on devices that agree share kernels, and others do not. */
export async function keepComparison(redis: Redis, classId: string, comparison: Comparison): Promise<void> {
  const agreed = agreeing(comparison);
  const step = redis.multi().set(KEYS.comparison(classId), JSON.stringify(comparison)).del(KEYS.agreed(classId));
  if (agreed.size > 1) step.sadd(KEYS.agreed(classId), ...agreed);
  await step.exec();
}
