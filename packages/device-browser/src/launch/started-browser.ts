/** A browser that nnm has started. */
export interface StartedBrowser {
  /** Settles when it has ended, whoever ended it; `reason` completes "The device ...". */
  readonly ended: Promise<string>;
  /** End it, with everything that it has written. */
  close(): Promise<void>;
}

/** How a browser is started. */
export interface LaunchOptions {
  readonly file: string;
  readonly url: string;
  /** Further arguments. */
  readonly args: readonly string[];
  /** Show its window. */
  readonly window: boolean;
}
