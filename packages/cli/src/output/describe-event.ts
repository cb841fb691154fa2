import type { PipelineEvent } from '@nnm/builder';
import type { Metrics } from '@nnm/predictor';
import { describeFailures, type ProfileEvent } from '@nnm/profiler';
import { describeGradedRows } from './build-report.ts';
import { countOf, formatShare } from './quantities.ts';

/** One line per event that matters, or undefined. */
export function describeEvent(event: PipelineEvent): string | undefined {
  switch (event.type) {
    case 'sampled':
      return `${event.kernel} ${event.mark}: ${countOf(event.got, 'configuration')} chosen`;
    case 'graded': {
      const { validation, holdout, explainedErrors } = event;
      const explained = explainedErrors > 0 ? `, and ${explainedErrors} that the labels' own scatter explains` : '';
      const unseen = holdout === undefined ? '' : `, hold-out within ±10 %: ${describeGrade(holdout)}`;
      return `${event.kernel} ${event.mark}: trained on ${countOf(event.rows, 'row')}; validation within ±10 %: ${describeGrade(validation)}${unseen}; ${countOf(event.largeErrors, 'large error')}${explained}`;
    }
    case 'predictor':
      return `${event.family}: predictor of ${countOf(event.rows, 'row')} finished`;
    case 'note':
    case 'rounds-ended':
      return event.message;
    case 'profile':
      return describeProfileEvent(event.kernel, event.mark, event.event);
    default:
      return undefined;
  }
}

/** The share within ±10 %, and the rows it rests on. */
function describeGrade(metrics: Metrics): string {
  return `${formatShare(metrics.acc10)} of ${describeGradedRows(metrics)}`;
}

function describeProfileEvent(kernel: string, mark: string, event: ProfileEvent): string | undefined {
  switch (event.type) {
    case 'started':
      return event.resumed > 0
        ? `${kernel}: ${event.resumed} of ${countOf(event.jobs, 'kernel')} are in the journal already; carrying on`
        : undefined;
    case 'settle':
      return `${kernel}: ${countOf(event.flagged, 'flagged kernel')} to be measured again while it is quiet`;
    case 'waiting':
      return `${kernel}: ${event.reason}`;
    case 'retry':
      return `${kernel} ${event.id}: ${event.reason}; tried again later`;
    case 'finished': {
      const { drift, unmeasured, records } = event.summary;
      const failed = describeFailures(records.filter((record) => record.status === 'failed'));
      if (records.length === 0 && unmeasured.length > 0) {
        // Networks that there was no time for are told together.
        return mark === 'network' ? undefined : `${kernel}: the time budget ended before anything could be measured.`;
      }
      const what = mark === 'network' ? 'kernel' : 'configuration';
      const left = unmeasured.length === 0 ? '' : ` The time budget ended before ${countOf(unmeasured.length, what)} could be measured.`;
      return `${kernel}: ${drift.text}${left}${failed && ` ${failed}`}`;
    }
    default:
      return undefined;
  }
}
