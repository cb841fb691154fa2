import { version } from '../package.json';

/** Version of this copy of @nnm/core. */
export const CORE_VERSION: string = version;
