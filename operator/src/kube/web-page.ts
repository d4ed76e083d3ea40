import type { Request } from './transport.ts';

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * Throws when a web page came instead of an answer: no API server sends one, so that what it seems to say about objects
 * (200, 404) must not be believed. A gateway that says that the server is away (502, 503) is believed.
 */
export function refuseWebPage({ method, path }: Request, answer: Answer, text: string): void {
  const { statusCode } = answer;
  // What is behind a Service may well have pages.
  const isAboutObjects = /^\/apis?\//.test(path) && !path.includes('/proxy');
  if (!isAboutObjects || !isWebPage(answer) || statusCode >= 500) return;
  const title = /<title>([^<]{1,80})/i.exec(text)?.[1]?.trim();
  const said = title === undefined ? '' : ` ("${title}")`;
  throw new Error(
    `${method} ${path} was answered with a web page${said}, HTTP ${statusCode}: not the API server has answered, but something on the way to it, as a proxy does`,
  );
}

export function isWebPage({ headers }: Answer): boolean {
  return String(headers['content-type'] ?? '').includes('text/html');
}
