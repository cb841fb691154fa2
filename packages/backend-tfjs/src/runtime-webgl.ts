import { browserOnly } from './runtime/browser-only.ts';

export default browserOnly('tfjs_webgl');
