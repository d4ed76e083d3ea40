import type { Origin } from '#bundle/store/part';
import { announced, goesOn, hasEnd, isWebPage, validatorOf, wholeSize } from './answers.ts';
import { type Answer, ask } from './ask.ts';
import { connectionTrouble } from './connection-trouble.ts';
import type { Ways } from './proxies.ts';
import { type Receiver, TooLong, Unwritable } from './receiver.ts';
import { refusal } from './refusals.ts';
import { Setback } from './setback.ts';

export interface Transfer {
  readonly ways: Ways;
  /** Where it is really asked for. */
  readonly url: string;
  /** Bytes that it must have; undefined when nobody knows yet what it is. */
  readonly size: number | undefined;
  readonly receiver: Receiver;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal | undefined;
}

/** What is there in the end: all that the server has, whether that is what was wanted or not. */
export interface Received {
  readonly isTooLong: boolean;
  readonly isWebPage: boolean;
}

/** One attempt: goes on where the receiver stands. What prevents it is a Setback, an Unwritable, or the signal's reason. */
export async function transfer(one: Transfer): Promise<Received> {
  const { receiver, size } = one;
  if (receiver.size > 0 && receiver.size === size) return { isTooLong: false, isWebPage: false };
  if (!isResumable(one)) await receiver.clear();
  let answer = await ask({ ...one, headers: rangeOf(one) });
  if (isUnfit(answer, one)) {
    answer.body.destroy();
    await receiver.clear();
    answer = await ask(one);
  }
  return take(answer, one);
}

/** Without a digest to compare with in the end, only a server that vouches for it may go on with what another began. */
function isResumable({ receiver, size, url }: Transfer): boolean {
  const { origin } = receiver;
  if (receiver.size === 0 || origin === undefined) return false;
  return size === undefined ? origin.url === url && origin.validator !== undefined : receiver.size < size;
}

function rangeOf({ receiver, url }: Transfer): Record<string, string> {
  const { size, origin } = receiver;
  if (size === 0) return {};
  const validator = origin?.url === url ? origin.validator : undefined;
  return { range: `bytes=${size}-`, ...(validator === undefined ? {} : { 'if-range': validator }) };
}

/** Whether it answers another question than the one for the rest. */
function isUnfit(answer: Answer, { receiver, size }: Transfer): boolean {
  if (answer.status === 416) return receiver.size > 0;
  return answer.status === 206 && !goesOn(answer, receiver.size, size);
}

async function take(answer: Answer, one: Transfer): Promise<Received> {
  const { receiver, size, url, now } = one;
  const { status, headers } = answer;
  if (status !== 200 && (status !== 206 || isUnfit(answer, one))) {
    answer.body.destroy();
    throw refusal({ url: answer.url, status, headers, now: now() });
  }
  const seen = { isWebPage: isWebPage(answer) };
  if (size === undefined && seen.isWebPage) throw webPage(answer);
  try {
    const expected = (status === 206 ? receiver.size : 0) + (announced(answer) ?? 0);
    if (size !== undefined && expected > size) throw new TooLong(expected);
    await receiver.take(answer.body, { origin: status === 206 ? undefined : originOf(answer, url), limit: size });
  } catch (error) {
    if (error instanceof TooLong) return { ...seen, isTooLong: true };
    throw ended(error, answer, one);
  } finally {
    answer.body.destroy();
  }
  const whole = hasEnd(answer) ? (wholeSize(answer) ?? receiver.size) : (size ?? receiver.size);
  if (receiver.size < whole) throw connectionTrouble(cut(), { url: answer.url, proxy: undefined });
  return { ...seen, isTooLong: false };
}

function originOf(answer: Answer, url: string): Origin {
  const validator = validatorOf(answer);
  return { url, ...(validator === undefined ? {} : { validator }) };
}

function ended(error: unknown, { url }: Answer, { ways, signal }: Transfer): unknown {
  if (error instanceof Unwritable) return error;
  if (signal?.aborted === true) return signal.reason;
  return connectionTrouble(error, { url, proxy: ways.proxyFor(url) });
}

const cut = () => Object.assign(new Error('ended too early'), { code: 'ECONNRESET' });

function webPage({ url, body }: Answer): Setback {
  body.destroy();
  return new Setback({
    said: `${url.host} sends a web page instead`,
    url,
    why: 'a login or the portal of a network answers like that',
    mayPass: false,
  });
}
