import { bytes } from '#engine/disk-full';
import { isWebPage } from './answers.ts';
import { type Answer, ask } from './ask.ts';
import { connectionTrouble } from './connection-trouble.ts';
import { type Patience, patiently } from './patience.ts';
import type { Ways } from './proxies.ts';
import { refusal } from './refusals.ts';
import { Setback, setbackFault } from './setback.ts';

export interface TextOptions {
  /** Bytes; default 1 MiB. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

interface Text {
  readonly ways: Ways;
  readonly patience: Patience;
  readonly name: string;
  readonly url: string;
}

/** A small text, UTF-8. */
export async function fetchText(text: Text, { limit = 1 << 20, signal }: TextOptions): Promise<string> {
  const { patience, name, url } = text;
  const result = await patiently(patience, {
    attempt: () => once(text, limit, signal),
    progress: () => 0,
    waiting: () => undefined,
    signal,
  });
  if ('value' in result) return result.value;
  throw setbackFault(result.setback, { name, url, ...result });
}

async function once({ ways, url, patience }: Text, limit: number, signal: AbortSignal | undefined): Promise<string> {
  const answer = await ask({ ways, url, signal });
  try {
    const { status, headers } = answer;
    if (status !== 200) throw refusal({ url: answer.url, status, headers, now: patience.clock.now() });
    if (isWebPage(answer)) throw unfit(answer, 'sends a web page instead');
    return await read(answer, limit);
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw connectionTrouble(error, { url: answer.url, proxy: ways.proxyFor(answer.url) });
  } finally {
    answer.body.destroy();
  }
}

async function read(answer: Answer, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) throw unfit(answer, `sends more than ${bytes(limit)}, which is not what was asked for`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unfit({ url }: Answer, what: string): Setback {
  return new Setback({ said: `${url.host} ${what}`, url, mayPass: false });
}
