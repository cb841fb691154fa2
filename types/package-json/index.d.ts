/** Of a package.json the sources read the version, which the bundler puts in its place. */
declare module '*/package.json' {
  export const version: string;
}
