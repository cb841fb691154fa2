export * from './data/report-document.ts';
export { renderMarkdown } from './markdown/render-markdown.ts';
export { type NodeDataOverlay, nodeDataOverlay } from './overlay/node-data-overlay.ts';
export { readWorkspaceReport, type WorkspaceReportOptions } from './read/read-workspace-report.ts';
export { type PageOptions, renderPage } from './render/render-page.ts';
