import { CORE_VERSION } from '@nnm/core';
import { REPORT_FORMAT, REPORT_SCHEMA_VERSION, type ReportDocument } from './report-document.ts';

/** A document of some sections; those that are not given are empty. */
export function reportOf(
  sections: Pick<ReportDocument, 'title'> & Partial<Omit<ReportDocument, 'format' | 'schemaVersion' | 'nnmVersion'>>,
): ReportDocument {
  return {
    format: REPORT_FORMAT,
    schemaVersion: REPORT_SCHEMA_VERSION,
    nnmVersion: CORE_VERSION,
    facts: [],
    kernels: [],
    environments: [],
    problems: [],
    ...sections,
  };
}
