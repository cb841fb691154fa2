import { rowName, type TrainingRow } from './training-rows.ts';

/** SHA-256, in hexadecimal, of the ids, features, latencies and, where they differ, weights of the rows in their order. Equal hashes mean equal training data. */
export async function hashRows(rows: readonly TrainingRow[], featureNames: readonly string[], weights?: Float64Array): Promise<string> {
  const lines = rows.map((row, i) => JSON.stringify([rowName(row), row.features, row.latencyMs, ...(weights ? [weights[i]] : [])]));
  const bytes = new TextEncoder().encode([JSON.stringify(featureNames), ...lines].join('\n'));
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
