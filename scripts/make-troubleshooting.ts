// Writes docs/troubleshooting.md: `npm run make:troubleshooting`.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { troubleshootingPage } from './troubleshooting/troubleshooting-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
writeFileSync(new URL('../docs/troubleshooting.md', import.meta.url), troubleshootingPage(root));
