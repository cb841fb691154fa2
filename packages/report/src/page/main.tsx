import { render } from 'preact';
import type { LiveState } from '../data/live-message.ts';
import type { ReportDocument } from '../data/report-document.ts';
import { App } from './app.tsx';
import { followLiveReport } from './live.ts';
import { unpackDocument } from './unpack-document.ts';

// What the page does when it is opened: unpack the document that it carries, draw it, and follow a build where there is one.

const root = document.getElementById('report') as HTMLElement;
const packed = document.getElementById('report-data')?.textContent ?? '';
const liveUrl = root.dataset.live;

const draw = (report: ReportDocument, live?: LiveState): void => render(<App report={report} {...(live && { live })} />, root);

const report = await unpackDocument(packed);
draw(report);
if (liveUrl !== undefined) followLiveReport(liveUrl, report, draw);
root.dataset.ready = 'true';
