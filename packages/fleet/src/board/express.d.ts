/** What is used of express, which comes without types. */
declare module 'express' {
  import type { IncomingMessage, Server, ServerResponse } from 'node:http';

  type Handler = (request: IncomingMessage, response: ServerResponse & { sendStatus(code: number): void }, next: () => void) => void;

  export interface Express {
    use(handler: Handler): void;
    use(path: string, router: Handler): void;
    disable(setting: string): void;
    listen(port: number, host: string): Server;
  }

  export default function express(): Express;
}
