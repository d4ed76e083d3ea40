import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { sampleJournal } from '../../../test/report/sample-journal.ts';
import { announce } from './announce.ts';

const servers: Server[] = [];

/** A webhook on loopback that answers with these statuses, one after the other, and keeps what it was told. */
async function webhook(statuses: readonly number[]): Promise<{ url: string; told: string[] }> {
  const told: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      told.push(body);
      response.writeHead(statuses[told.length - 1] ?? 200).end();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=abc`, told };
}

describe('the webhook of a run that ended well', () => {
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it('is told the report', async () => {
    const { url, told } = await webhook([200]);

    expect(await announce(url, sampleJournal())).toBeUndefined();
    expect(JSON.parse(told[0] ?? '')).toMatchObject({ version: 1, story: { outcome: 'done' } });
  });

  it('is told again when it was busy', async () => {
    const { url, told } = await webhook([503, 200]);

    expect(await announce(url, sampleJournal(), 1)).toBeUndefined();
    expect(told).toHaveLength(2);
  });

  it('is given up in a sentence that does not repeat its secret path', async () => {
    const { url } = await webhook([500, 500, 500]);

    const origin = new URL(url).origin;
    expect(await announce(url, sampleJournal(), 1)).toBe(
      `the webhook ${origin} was not told: it answered 500 (tried 3 times)`,
    );
  });
});
