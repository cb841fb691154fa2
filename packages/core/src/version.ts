/** Version of this copy of @nnm/core; a test holds it against package.json. */
export const CORE_VERSION = '0.1.0';
