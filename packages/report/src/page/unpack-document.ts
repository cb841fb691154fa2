import { REPORT_SCHEMA_VERSION, type ReportDocument } from '../data/report-document.ts';

/** Read the document that a page carries: JSON, compressed by gzip, as base64. */
export async function unpackDocument(packed: string): Promise<ReportDocument> {
  const bytes = Uint8Array.from(atob(packed.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const report = (await new Response(stream).json()) as ReportDocument;
  if (report.schemaVersion !== REPORT_SCHEMA_VERSION) {
    throw new Error(`This page shows reports of version ${REPORT_SCHEMA_VERSION}; its data is of version ${report.schemaVersion}.`);
  }
  return report;
}
