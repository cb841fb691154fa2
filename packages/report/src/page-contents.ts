/** What a page is made of besides its data. */
export interface PageParts {
  /** One classic script that needs nothing else. */
  readonly script: string;
  readonly style: string;
  /** Libraries inside the script, and their licences. */
  readonly packages: readonly BundledPackage[];
}

/** A library that a bundle holds. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** The text of its licence, which goes wherever the library goes. */
  readonly text: string;
}
