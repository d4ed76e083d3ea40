import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { Request } from '#kube/transport';
import { OperatorProcess } from '../../test/fixtures/operator-process.ts';
import { freePort } from '../../test/testbed/program.ts';
import { systemTime } from './runtime/time.ts';

let operator: OperatorProcess;
beforeEach(async () => {
  operator = await OperatorProcess.prepare();
});
afterEach(() => operator.close());

const isWriteOf = (kind: string, { method, path }: Request) => method !== 'GET' && path.includes(`/${kind}/`);

/** A Wukong of which the first write is under way, and does not end before it is let go. */
async function underWay(): Promise<() => void> {
  const begun = Promise.withResolvers<void>();
  const going = Promise.withResolvers<void>();
  let writes = 0;
  operator.instead = (request) => {
    if (!isWriteOf('wukongs', request) || writes++ > 0) return undefined;
    begun.resolve();
    return going.promise.then(() => operator.server.request(request));
  };
  operator.start();
  await operator.until('leading');
  await operator.create();
  await begun.promise;
  return going.resolve;
}

describe('the process of the operator', () => {
  it('leads, works, and gives the lease back and ends with 0 when it is told to end', async () => {
    operator.start();
    await operator.until('leading');
    expect(await operator.holder()).toMatch(/^pod-1_[0-9a-f-]{36}$/);

    operator.signal('SIGTERM');

    expect(await operator.ended).toBe(0);
    expect(await operator.holder()).toBe('');
    expect(operator.lines.map((line) => [line.level, line.msg])).toEqual([
      ['info', 'leading'],
      ['info', 'no longer leading'],
    ]);
    expect(JSON.stringify(operator.raw)).not.toContain('hunter2');
  });

  it('says what keeps it from the API server, and ends on SIGTERM all the same', async () => {
    operator.start({ url: 'http://127.0.0.1:9' });
    await operator.until('the API server could not be asked');

    operator.signal('SIGTERM');

    expect(await operator.ended).toBe(0);
    expect(operator.lines[0]).toMatchObject({ level: 'warn', error: expect.stringContaining('ECONNREFUSED') });
  });

  it('says so when it is not told which cluster to speak to', async () => {
    operator.start({ url: 'not a URL' });

    await operator.until('the API server could not be asked');

    expect(operator.lines[0]).toMatchObject({ level: 'warn', name: 'wukong-operator' });
    expect(JSON.stringify(operator.raw)).not.toContain('hunter2');
  });

  it('finishes what it is at when it is told to end, and gives the lease back only then', async () => {
    const go = await underWay();

    operator.signal('SIGTERM');
    // Longer than one that has nothing to finish takes to end.
    await systemTime.sleep(300);
    expect(await operator.holder()).toMatch(/^pod-1_/);
    go();

    expect(await operator.ended).toBe(0);
    expect(await operator.holder()).toBe('');
  });

  it('ends at once at the second signal', async () => {
    await underWay();

    operator.signal('SIGTERM');
    operator.signal('SIGINT');

    expect(await operator.ended).toBe(1);
  });

  it.for([
    ['a promise that nobody waits for fails', 'Promise.reject(new Error("boom"))', 'unhandledRejection'],
    ['something throws that nobody catches', 'throw new Error("boom")', 'uncaughtException'],
  ] as const)('ends with 1 and its last words when %s', async ([, mistake, event]) => {
    const whenHandled = `process.on('newListener', (name) => name === '${event}' && setTimeout(() => { ${mistake} }, 1))`;
    operator.start({ first: whenHandled });

    expect(await operator.ended).toBe(1);
    expect(operator.lines.at(-1)).toMatchObject({ level: 'fatal', msg: event, error: { message: 'boom' } });
  });

  it('answers probes and scrapers where it is told to', async () => {
    const [health, metrics] = [await freePort(), await freePort()];
    const addresses = [
      `--health-probe-bind-address=127.0.0.1:${health}`,
      `--metrics-bind-address=127.0.0.1:${metrics}`,
    ];
    operator.start({ words: addresses });
    await operator.until('leading');
    const ask = async (port: number, path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    while ((await ask(health, '/readyz')) !== 'ok\n') await systemTime.sleep(20);

    expect(await ask(health, '/healthz?verbose')).toBe(
      '[+]event-loop ok\n[+]watches ok\n[+]lease ok\nhealthz check passed\n',
    );
    const told = await ask(metrics, '/metrics');
    expect(told).toContain('\nleader 1\n');
    expect(told).toMatch(/^rest_client_requests_total\{method="GET",code="200"\} \d+$/m);
    expect(told).toContain('\ncontroller_runtime_max_concurrent_reconciles{controller="wukong"} 4\n');
    operator.signal('SIGTERM');
    expect(await operator.ended).toBe(0);
  });

  it('is not well for a while after its event loop stood still', async () => {
    const health = await freePort();
    operator.start({ words: [`--health-probe-bind-address=127.0.0.1:${health}`] });
    await operator.until('leading');

    operator.signal('SIGSTOP');
    await systemTime.sleep(6500);
    operator.signal('SIGCONT');
    const answer = await fetch(`http://127.0.0.1:${health}/healthz`);

    expect(answer.status).toBe(500);
    expect(await answer.text()).toMatch(/^\[-\]event-loop failed: the event loop stood still for [56] s$/m);
  });

  it('ends with 1 where it cannot listen', async () => {
    const { port } = new URL(operator.url);

    operator.start({ words: [`--health-probe-bind-address=127.0.0.1:${port}`] });

    expect(await operator.ended).toBe(1);
    const error = { message: expect.stringContaining('EADDRINUSE') };
    expect(operator.lines.at(-1)).toMatchObject({ level: 'fatal', error });
  });

  it('tells no secret, in its log, its events or a status, however often a server repeats it', async () => {
    const message = 'admission denied: {"password":"hunter2"} from Bearer hunter2hunter2 $6$salt$hunter2hunter2';
    const body = { kind: 'Status', code: 422, message };
    operator.instead = (request) =>
      isWriteOf('secrets', request) ? Promise.resolve({ status: 422, body }) : undefined;
    operator.start({ words: ['--log-level=debug'] });
    await operator.until('leading');
    await operator.create({ cloudInitUser: { name: 'plant', password: 'hunter2' } });
    const path = '/apis/events.k8s.io/v1/events';
    const told = async () => {
      const events = (await operator.server.request({ method: 'GET', path })).body as Json;
      return [JSON.stringify(events.items), JSON.stringify((await operator.status()) ?? {})];
    };
    while (!(await told()).every((text) => text.includes('admission denied'))) await systemTime.sleep(50);

    operator.signal('SIGTERM');
    await operator.ended;

    expect(JSON.stringify([operator.raw, await told()])).not.toContain('hunter2');
  });
});

describe('the command line of the operator', () => {
  it('explains itself without a cluster', async () => {
    operator.start({ words: ['--help'] });

    expect(await operator.ended).toBe(0);
    const golden = join(import.meta.dirname, '../../test/golden/operator/help.txt');
    expect(operator.raw.out).toBe(readFileSync(golden, 'utf8'));
  });

  it('tells its version', async () => {
    operator.start({ words: ['--version'] });

    expect(await operator.ended).toBe(0);
    expect(operator.raw.out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('says what is wrong with it, and begins nothing', async () => {
    const before = operator.server.log.length;
    operator.start({ words: ['--log-level=loud'] });

    expect(await operator.ended).toBe(2);
    expect(operator.raw).toEqual({
      out: '',
      err: 'wukong-operator: --log-level must be one of debug, info, warn, error; it is “loud”\n',
    });
    expect(operator.server.log.slice(before)).toEqual([]);
  });
});
