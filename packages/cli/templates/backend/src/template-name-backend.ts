import { BaseBackend, type Graph, type Implement, siblingModule } from '@nnm/core';
import { encodeModel } from './model.ts';
import { parseSettings, settingsTemplate, type TemplateNameSettings } from './settings.ts';

/** Convert, load, run: warm-up, statistics, isolation and resume come from nnm. */
export class TemplateNameBackend extends BaseBackend<TemplateNameSettings> {
  readonly id = 'template_name';
  readonly description = 'what it runs on, in a few words';
  readonly implement = ['tensorflow', 'torch'] as const;
  readonly modelExtension = '.json';
  readonly settingsTemplate = settingsTemplate;
  /** A module of its own: it is started in a separate process, so that a crash costs one record and not the run. */
  readonly runtime = siblingModule(import.meta.url, 'runtime');

  override parseSettings(raw: unknown): TemplateNameSettings {
    return parseSettings(this.id, raw);
  }

  override convert(graph: Graph, implement: Implement): Uint8Array {
    return encodeModel({ graph, implement });
  }
}

export const templateName = new TemplateNameBackend();
