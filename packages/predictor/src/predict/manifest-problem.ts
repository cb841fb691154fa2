import { baselineMs } from './baseline.ts';
import type { PredictorManifest } from './manifest.ts';
import { manifestShape } from './manifest-shape.ts';
import type { Problems } from './shape.ts';

/** Problems shown; a damaged file may have thousands. */
const SHOWN = 5;
/** No kernel takes this long, thirty years: a baseline that says so was not fitted. */
const LONGEST_MS = 1e12;

/** What is wrong with a manifest read from a file, in a sentence; undefined when nothing is. */
export function manifestProblem(manifest: Readonly<Record<string, unknown>>): string | undefined {
  const malformed = manifestShape(manifest, '');
  const problems = malformed.length > 0 ? malformed : contradictions(manifest as unknown as PredictorManifest);
  if (problems.length === 0) return undefined;
  const shown = problems.slice(0, SHOWN).join('; ');
  return problems.length > SHOWN ? `${shown}; and ${problems.length - SHOWN} more problems` : shown;
}

/** Values that are sound by themselves but not together. */
function contradictions(manifest: PredictorManifest): Problems {
  return [...sampledContradictions(manifest), ...targetContradictions(manifest), ...intervalContradictions(manifest)];
}

function sampledContradictions({ featureNames, sampled: { features, whitening } }: PredictorManifest): Problems {
  if (features.length !== featureNames.length || features.some(({ name }, k) => name !== featureNames[k])) {
    return ['`sampled.features` and `featureNames` name different features'];
  }
  const reversed = features.flatMap(({ name, min, max }, k) =>
    min > max ? [`\`sampled.features[${k}]\` (${name}) has its min ${min} above its max ${max}`] : [],
  );
  const isTriangle = whitening.length === 0 || whitening.length === features.length;
  const isSound = isTriangle && whitening.every((row, i) => row.length === i + 1 && row[i]! > 0);
  return [...reversed, ...(isSound ? [] : ['`sampled.whitening` is not the triangle of a matrix of the features'])];
}

function targetContradictions({ featureNames, sampled, target }: PredictorManifest): Problems {
  if (target.id === 'raw') return [];
  const lost = target.baseline.costs.flatMap(({ feature, index }, k) =>
    featureNames[index] === feature
      ? []
      : [`\`target.baseline.costs[${k}]\` is for ${feature}, but feature ${index} is ${featureNames[index]}`],
  );
  if (lost.length > 0) return lost;
  const largest = baselineMs(
    target.baseline,
    sampled.features.map(({ max }) => max),
  );
  return largest < LONGEST_MS ? [] : [`\`target.baseline\` makes ${largest} ms of the largest configuration sampled`];
}

function intervalContradictions({ intervals: { bins } }: PredictorManifest): Problems {
  return bins.flatMap(({ fromMs, factors }, b) => {
    const path = `\`intervals.bins[${b}]\``;
    const isNext = b === 0 ? fromMs === 0 : fromMs >= bins[b - 1]!.fromMs;
    return [
      ...(isNext ? [] : [`${path} starts at ${fromMs} ms: the first must start at 0 and none before the one ahead of it`]),
      ...factors.flatMap(({ coverage, low, high }, f) => {
        if (low > high) return [`${path} has its low factor ${low} above its high factor ${high} for a coverage of ${coverage}`];
        const before = factors[f - 1];
        const isWider = before === undefined || (coverage > before.coverage && low <= before.low && high >= before.high);
        return isWider ? [] : [`${path} is not wider for a coverage of ${coverage} than for ${before.coverage}`];
      }),
    ];
  });
}
