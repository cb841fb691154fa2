import { median } from '@nnm/core';
import { aftermathOf, type JournalLine } from '@nnm/profiler';
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
  const probed: { readonly visit: number; readonly id: string; readonly probes: Probes; readonly probeMs: number }[] = [];
  const sessions: { readonly visit: number; readonly at: string }[] = [];
  /** By the reference of the session: what one measures says nothing of another. */
  const byReference = new Map<string | undefined, Probes>();
  let probes: Probes = { levels: new Map(), lowestMs: Number.POSITIVE_INFINITY };
  const flags = new Map<string, readonly string[]>();
  let made = 0;
  for (const line of lines) {
    if (line.type === 'session') {
      sessions.push({ visit: made + 1, at: line.at });
      probes = byReference.get(line.reference) ?? { levels: new Map(), lowestMs: Number.POSITIVE_INFINITY };
      byReference.set(line.reference, probes);
    } else if (line.type === 'record' && line.record.status === 'ok') {
      const { id, quietLevelMs } = line.record;
      if (quietLevelMs !== undefined) {
        probes.levels.set(id, quietLevelMs);
        probes.lowestMs = Math.min(probes.lowestMs, quietLevelMs);
      }
      flags.set(id, line.record.flags);
    } else if (line.type === 'visit') {
      made++;
      const known = [line.visit.firstProbeMs, ...line.visit.slices.map(({ probeMs }) => probeMs)].filter((probe) => probe > 0);
      if (known.length === 0) continue;
      const probeMs = median(known) / aftermathOf([line.visit], undefined);
      probes.lowestMs = Math.min(probes.lowestMs, probeMs);
      probed.push({ visit: made, id: line.id, probes, probeMs });
    }
  }
  const visits = probed.map(
    ({ visit, id, probes: { levels, lowestMs }, probeMs }): NoiseVisit => ({
      visit,
      id,
      slowdown: roundNumber(probeMs / (levels.get(id) ?? lowestMs)),
      flags: flags.get(id) ?? [],
    }),
  );
  return visits.length === 0 ? undefined : { visits: thin(visits, most), sessions: startedSessions(sessions, made), made };
}

/** What is known of a reference: quiet levels by kernel, and the lowest level or probe. */
interface Probes {
  readonly levels: Map<string, number>;
  lowestMs: number;
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
