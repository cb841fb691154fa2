export { compareLatencies, type KernelLatencies, type LatencySource } from './compare/compare-latencies.ts';
export { type RatioInterval, verdictOf } from './compare/verdict.ts';
export * from './data/report-document.ts';
export { reportOf } from './data/report-of.ts';
export { renderMarkdown } from './markdown/render-markdown.ts';
export { type NodeDataOverlay, nodeDataOverlay } from './overlay/node-data-overlay.ts';
export { type ReadLatencySource, readLatencySource, sourceDifferences } from './read/read-latency-source.ts';
export { readWorkspaceReport, type WorkspaceReportOptions } from './read/read-workspace-report.ts';
export { type PageOptions, renderPage } from './render/render-page.ts';
