import { queueName } from '../protocol.ts';
import type { QueueConnection } from '../redis/connect.ts';
import { listClasses, listWorkers } from './roll.ts';

/** Names of all queues, for those who look into them. */
export async function queueNames(connection: QueueConnection): Promise<readonly string[]> {
  const [workers, classes] = await Promise.all([listWorkers(connection.redis), listClasses(connection.redis)]);
  const own = workers.map(({ classId, device }) => queueName(classId, device));
  return [...new Set([...classes.map(({ id }) => queueName(id)), ...own])].sort();
}
