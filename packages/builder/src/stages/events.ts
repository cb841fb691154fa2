import type { Metrics } from '@nnm/predictor';
import type { ProfileEvent } from '@nnm/profiler';
import type { Mark } from './records.ts';

/** What a pipeline stage reports while it works. Progress is data: nothing in core prints. */
export type PipelineEvent =
  /** A stage begins. */
  | { readonly type: 'stage'; readonly stage: 'sample' | 'convert' | 'profile' | 'train'; readonly kernel: string; readonly mark: Mark }
  /** Configurations are chosen: as many as were asked for, or all that the space holds. */
  | { readonly type: 'sampled'; readonly kernel: string; readonly mark: Mark; readonly asked: number; readonly got: number }
  /** What measuring reports. */
  | { readonly type: 'profile'; readonly kernel: string; readonly mark: Mark; readonly event: ProfileEvent }
  /** A round's predictor is trained and graded. */
  | {
      readonly type: 'graded';
      readonly kernel: string;
      readonly mark: Mark;
      /** Labelled configurations the predictor was trained and validated on. */
      readonly rows: number;
      readonly validation: Metrics;
      readonly holdout?: Metrics;
      /** Large validation errors that ask for more samples, and those that the labels' own scatter explains. */
      readonly largeErrors: number;
      readonly explainedErrors: number;
    }
  /** No adaptive round follows, although the settings allow for more. */
  | {
      readonly type: 'rounds-ended';
      readonly kernel: string;
      /** Rounds made, the first included. */
      readonly rounds: number;
      readonly reason: 'no-large-error' | 'nothing-new' | 'no-gain' | 'time';
      /** The same in a sentence. */
      readonly message: string;
    }
  /** A family's predictor is finished, and refitted on all rows. */
  | { readonly type: 'predictor'; readonly family: string; readonly rows: number; readonly file?: string }
  /** Something that a user should know. */
  | { readonly type: 'note'; readonly kernel?: string; readonly message: string };

/** A stage that reports events and ends with a result. */
export type Stage<T> = AsyncGenerator<PipelineEvent, T, void>;
