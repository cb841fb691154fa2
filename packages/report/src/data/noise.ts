import { median } from '@nnm/core';
import type { JournalLine } from '@nnm/profiler';
import type { NoiseReport, NoiseVisit } from './report-document.ts';
import { roundNumber } from './round-number.ts';

/**
 * How quiet the machine was during the visits of a journal, in the order in which they were made.
 *
 * @param lines - of one kernel's journal
 * @param most - visits to list; more are thinned out evenly
 * @returns undefined when no visit has a reference to judge by
 */
export function noiseOf(lines: Iterable<JournalLine>, most: number): NoiseReport | undefined {
  const probed: { readonly visit: number; readonly id: string; readonly probeMs: number }[] = [];
  const sessions: { readonly visit: number; readonly at: string }[] = [];
  const levels = new Map<string, number>();
  const flags = new Map<string, readonly string[]>();
  let made = 0;
  for (const line of lines) {
    if (line.type === 'session') sessions.push({ visit: made + 1, at: line.at });
    else if (line.type === 'record' && line.record.status === 'ok') {
      const { id, quietLevelMs } = line.record;
      if (quietLevelMs !== undefined) levels.set(id, quietLevelMs);
      flags.set(id, line.record.flags);
    } else if (line.type === 'visit') {
      made++;
      const probes = [line.visit.firstProbeMs, ...line.visit.slices.map(({ probeMs }) => probeMs)].filter((probe) => probe > 0);
      if (probes.length > 0) probed.push({ visit: made, id: line.id, probeMs: median(probes) });
    }
  }
  const levelMs = Math.min(...levels.values(), ...probed.map(({ probeMs }) => probeMs));
  const visits = probed.map(
    ({ visit, id, probeMs }): NoiseVisit => ({
      visit,
      id,
      slowdown: roundNumber(probeMs / (levels.get(id) ?? levelMs)),
      flags: flags.get(id) ?? [],
    }),
  );
  return visits.length === 0 ? undefined : { visits: thin(visits, most), sessions: startedSessions(sessions, made), made };
}

/** Sessions in which a visit was made. */
function startedSessions<S extends { readonly visit: number }>(sessions: readonly S[], made: number): readonly S[] {
  return sessions.filter(({ visit }, index) => visit <= made && sessions[index + 1]?.visit !== visit);
}

function thin(visits: readonly NoiseVisit[], most: number): readonly NoiseVisit[] {
  if (visits.length <= most) return visits;
  const step = Math.ceil(visits.length / most);
  return visits.filter((_, index) => index % step === 0);
}
