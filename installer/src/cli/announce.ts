import { setTimeout } from 'node:timers/promises';
import type { Entry } from '#ports/journal';
import { jsonReport } from '#report/json';
import { tell } from '#report/tell';

const attempts = 3;
const pause = 2000;
const patience = 10_000;

/**
 * Sends the report of a run that ended well to the profile's webhook. The run is done whatever comes of it: undefined
 * when it arrived, else a sentence that says why it did not.
 */
export async function announce(url: string, entries: readonly Entry[], between = pause): Promise<string | undefined> {
  const body = JSON.stringify(jsonReport(tell(entries)));
  let why = '';
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (attempt > 1) await setTimeout(between);
    why = await post(url, body);
    if (why === '') return undefined;
  }
  return `the webhook ${new URL(url).origin} was not told: ${why} (tried ${attempts} times)`;
}

async function post(url: string, body: string): Promise<string> {
  try {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(patience) });
    await answer.body?.cancel();
    return answer.ok ? '' : `it answered ${answer.status}`;
  } catch (error) {
    const { message, cause } = error as Error;
    return cause instanceof Error ? cause.message : message;
  }
}
