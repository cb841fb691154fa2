import { NnmError } from '@nnm/core';

/** The port that the page is to be served on is taken. */
export class PortInUseError extends NnmError {
  constructor(details: { port: number; address: string; reason: 'EADDRINUSE' | 'EACCES' }, options?: ErrorOptions) {
    const why = details.reason === 'EADDRINUSE' ? 'another program uses it' : 'this user may not use it';
    super(
      {
        code: 'ERR_PORT_IN_USE',
        message: `The page for browsers cannot be served on port ${details.port} of ${details.address}: ${why}.`,
        hint: 'Set PORT in configs/backend_config.yaml to another port, or to 0 for any that is free.',
        details,
      },
      options,
    );
  }
}

/** A runtime's module for browsers cannot be served. */
export class BrowserModuleError extends NnmError {
  constructor(details: { backend: string; module: string; reason: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_BROWSER_MODULE',
        message: `The browser module of ${details.backend} (${details.module}) cannot be served: ${details.reason}.`,
        hint: 'Reinstall the package of the backend. From sources, `npm install` in the repository brings what bundles it.',
        details,
      },
      options,
    );
  }
}
