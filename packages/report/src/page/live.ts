import type { LiveMessage, LiveState } from '../data/live-message.ts';
import type { KernelReport, ReportDocument } from '../data/report-document.ts';

/** Keep a report as new as the build that it is about. */
export function followLiveReport(url: string, first: ReportDocument, draw: (report: ReportDocument, live: LiveState) => void): void {
  let report = first;
  let state: LiveState = { messages: [], ended: false };
  const source = new EventSource(url);
  source.onmessage = ({ data }) => {
    const message = JSON.parse(data) as LiveMessage;
    state = message.state;
    if (message.kernels !== undefined) report = withKernels(report, message.kernels);
    draw(report, state);
    if (state.ended) source.close();
  };
  source.onerror = () => {
    source.close();
    draw(report, { ...state, messages: [...state.messages, 'The build is no longer there.'], ended: true });
  };
}

/** A report with some kernels replaced, or added where they are new. */
export function withKernels(report: ReportDocument, changed: readonly KernelReport[]): ReportDocument {
  const byName = new Map(report.kernels.map((one) => [one.kernel, one]));
  for (const one of changed) byName.set(one.kernel, one);
  return { ...report, kernels: [...byName.values()] };
}
