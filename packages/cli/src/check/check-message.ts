import { z } from 'zod';

const kind = z.enum(['kernel', 'backend', 'regressor']);
const failure = z.object({ name: z.string(), code: z.string(), message: z.string() });

/** What the process in which a plugin is checked may say; the plugin, too, can send messages there. */
export const checkMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('begin'), kind, id: z.string(), name: z.string(), cases: z.int().nonnegative() }),
  z.object({ type: z.literal('end'), failure: failure.optional() }),
  z.object({
    type: z.literal('report'),
    report: z.object({ kind, id: z.string(), cases: z.int().nonnegative(), failures: z.array(failure), notes: z.array(z.string()) }),
  }),
  z.object({ type: z.literal('done') }),
  z.object({ type: z.literal('error'), code: z.string(), message: z.string(), hint: z.string().optional() }),
]);
