import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestAuthority } from '../../../../test/fixtures/certificates.ts';
import { faultyServer, type Trick } from './faulty-server.ts';
import { faultOf, type Scene, scene, someBytes, wantedOf } from './fetch-scene.ts';
import type { TransferEvent } from './watch.ts';

const content = someBytes(200_000);
let site: Awaited<ReturnType<typeof faultyServer>>;
let here: Scene;
beforeEach(async () => {
  site = await faultyServer(content);
  here = await scene();
});
afterEach(async () => {
  await here.close();
  await site.close();
});

const wanted = () => wantedOf(content, `${site.origin}/k3s`);
const fetched = (url = `${site.origin}/k3s`) => here.downloads.fetch({ ...wanted(), url });
const seen = (work: Promise<unknown>) =>
  faultOf(work, [site.origin, 'https://files.example'], [new URL(site.origin).host, 'files.example']);
const status = (code: number, headers: Record<string, string> = {}): Trick => ({
  kind: 'status',
  status: code,
  headers,
});

describe('a server that asks for patience', () => {
  it.each([[429], [503]])('is asked again after the seconds that it names with %i', async (code) => {
    site.play(status(code, { 'retry-after': '7' }));
    await fetched();
    expect(here.clock.slept).toEqual([7000]);
  });

  it('is asked again at the date that it names', async () => {
    site.play(status(503, { 'retry-after': 'Sat, 21 Nov 2026 06:00:09 GMT' }));
    await fetched();
    expect(here.clock.slept).toEqual([9000]);
  });

  it('is given up when it asks for more than anybody waits', async () => {
    site.play(status(429, { 'retry-after': '3600' }));

    expect(await seen(fetched())).toMatchInlineSnapshot(`
      "FETCH-FAILED
      cannot download bin/k3s: files.example answers 429 (Too Many Requests)
      it asks not to come back for 60 minutes
      URL https://files.example/k3s
      run the same command again later: what has arrived stays"
    `);
    expect(here.clock.slept).toEqual([]);
  });

  it.each([[408], [500], [502], [503], [504]])(
    'is asked again after %i, each time later, and given up in the end',
    async (code) => {
      site.play(...Array.from({ length: 3 }, () => status(code)));

      expect(await seen(fetched())).toContain(`cannot download bin/k3s: files.example answers ${code} (`);
      expect(here.clock.slept).toEqual([375, 750]);
    },
  );

  it('tells who waits, why and for how long', async () => {
    site.play(status(503));
    const events: TransferEvent[] = [];

    await here.downloads.fetch(wanted(), { tell: (event) => events.push(event) });

    const because = `${new URL(site.origin).host} answers 503 (Service Unavailable)`;
    expect(events[0]).toEqual({ kind: 'waiting', because, milliseconds: 375 });
  });

  it('says how often and how long it was tried', async () => {
    site.play(status(503), status(503), status(503));
    expect(await seen(fetched())).toMatchInlineSnapshot(`
      "FETCH-FAILED
      cannot download bin/k3s: files.example answers 503 (Service Unavailable)
      URL https://files.example/k3s
      tried 3 times in 1 s
      curl -fL -o /dev/null https://files.example/k3s          by hand, to see all that it says"
    `);
  });

  it('loses no patience as long as each try brings something', async () => {
    const long = someBytes(12_000_000);
    const slow = await faultyServer(long);
    slow.play(...Array.from({ length: 8 }, (): Trick => ({ kind: 'cut', after: 1_200_000 })));

    await here.downloads.fetch(wantedOf(long, `${slow.origin}/k3s`));

    expect(slow.seen).toHaveLength(9);
    await slow.close();
  });

  it('loses it where the same bytes come again and again', async () => {
    const long = someBytes(3_000_000);
    const deaf = await faultyServer(long, { validator: 'none' });
    deaf.play(...Array.from({ length: 9 }, (): Trick => ({ kind: 'cut', after: 2_000_000 })));

    const work = here.downloads.resolve({ name: 'bin/k3s', url: `${deaf.origin}/k3s` });

    await expect(work).rejects.toThrow('was cut');
    expect(deaf.seen).toHaveLength(3);
    await deaf.close();
  });
});

describe('a server that will not', () => {
  it.each([[404], [410], [501]])('is asked once when it answers %i', async (code) => {
    site.play(status(code));
    expect(await seen(fetched())).toContain(`FETCH-FAILED\ncannot download bin/k3s: files.example answers ${code}`);
    expect(site.seen).toHaveLength(1);
  });

  it.each([[401], [403]])('is asked once when it wants to know who asks: %i', async (code) => {
    site.play(status(code));
    expect(await seen(fetched())).toContain(`FETCH-DENIED\ncannot download bin/k3s: files.example answers ${code}`);
    expect(site.seen).toHaveLength(1);
  });

  it('leaves a remedy for a file that is not there, and one for a closed door', async () => {
    site.play(status(404), status(401));
    expect(await seen(fetched())).toMatchInlineSnapshot(`
      "FETCH-FAILED
      cannot download bin/k3s: files.example answers 404 (Not Found)
      URL https://files.example/k3s
      curl -fL -o /dev/null https://files.example/k3s          by hand, to see all that it says"
    `);
    expect(await seen(fetched())).toMatchInlineSnapshot(`
      "FETCH-DENIED
      cannot download bin/k3s: files.example answers 401 (Unauthorized)
      URL https://files.example/k3s
      curl -fL -o /dev/null https://files.example/k3s          by hand, to see all that it says
      --mirror https://files.example/=https://mirror.example/          asks a server that lets you in instead"
    `);
  });
});

describe('a connection', () => {
  it.each([
    ['is cut before the answer', { kind: 'cut-before' }],
    ['is cut in the middle', { kind: 'cut', after: 1000 }],
    ['brings no answer', { kind: 'silent' }],
    ['brings nothing more', { kind: 'stall', after: 1000 }],
  ] as const)('that %s is tried again', async (_, trick) => {
    site.play(trick);
    await fetched();
    expect(site.seen).toHaveLength(2);
  });

  it('that always breaks is told with what broke', async () => {
    const told: string[] = [];
    for (const trick of [{ kind: 'cut-before' }, { kind: 'silent' }, { kind: 'stall', after: 10 }] as const) {
      site.play(trick, trick, trick);
      told.push((await seen(fetched())).split('\n')[1] ?? '');
    }
    expect(told).toMatchInlineSnapshot(`
      [
        "cannot download bin/k3s: the connection to files.example was cut",
        "cannot download bin/k3s: files.example takes the request and does not answer it",
        "cannot download bin/k3s: files.example stopped sending in the middle",
      ]
    `);
  });

  it('that nobody takes is told as such', async () => {
    const { origin } = site;
    await site.close();
    expect(
      await faultOf(fetched(), [origin, 'http://files.example'], [origin.slice(7), 'files.example']),
    ).toMatchInlineSnapshot(`
      "FETCH-FAILED
      cannot download bin/k3s: files.example refuses connections
      URL http://files.example/k3s
      tried 3 times in 1 s
      curl -fL -o /dev/null http://files.example/k3s          by hand, to see all that it says"
    `);
    site = await faultyServer(content);
  });
});

describe('a redirect', () => {
  it('is followed to other servers, which never see the password of the first', async () => {
    const storage = await faultyServer(content);
    site.play(status(302, { location: `${storage.origin}/object?signature=hidden` }));

    await fetched(`${site.origin.replace('//', '//me:hunter2@')}/k3s`);

    expect(site.seen[0]?.headers.authorization).toBe(`Basic ${btoa('me:hunter2')}`);
    expect(storage.seen[0]).toMatchObject({ path: '/object?signature=hidden' });
    expect(storage.seen[0]?.headers.authorization).toBeUndefined();
    await storage.close();
  });

  it('takes the password along on the same server', async () => {
    site.play(status(301, { location: '/there' }));
    await fetched(`${site.origin.replace('//', '//me:hunter2@')}/k3s`);
    expect(site.seen[1]).toMatchObject({ path: '/there', headers: { authorization: `Basic ${btoa('me:hunter2')}` } });
  });

  it('is named when what it leads to fails, without what signs it and without the password', async () => {
    const storage = await faultyServer(content);
    storage.play(status(404));
    site.play(status(302, { location: `${storage.origin}/object?signature=hidden` }));

    const told = await seen(fetched(`${site.origin.replace('//', '//me:hunter2@')}/k3s?token=hidden`));

    expect(told.replaceAll(new URL(storage.origin).host, 'storage.example')).toMatchInlineSnapshot(`
      "FETCH-FAILED
      cannot download bin/k3s: storage.example answers 404 (Not Found)
      URL https://files.example/k3s
      it led to http://storage.example/object
      curl -fL -o /dev/null https://files.example/k3s          by hand, to see all that it says"
    `);
    await storage.close();
  });

  it('that goes round in circles is not followed for ever', async () => {
    site.play(...Array.from({ length: 20 }, () => status(302, { location: '/k3s' })));
    expect(await seen(fetched())).toContain('files.example sends from one place to the next without end');
    expect(site.seen).toHaveLength(11);
  });

  it.each([
    [{}, 'files.example sends elsewhere and does not say where'],
    [{ location: 'file:///etc/passwd' }, 'files.example sends to something that is no http or https URL'],
  ])('to %o is refused', async (headers, message) => {
    site.play(status(302, headers));
    expect(await seen(fetched())).toContain(message);
  });
});

describe('over TLS', () => {
  const usual = getCACertificates('default');
  afterAll(() => setDefaultCACertificates(usual));
  const over = async (authority: TestAuthority, name = '127.0.0.1') => {
    await site.close();
    site = await faultyServer(content, { tls: authority.server(name) });
  };
  const trust = (authority: TestAuthority) => setDefaultCACertificates([...usual, authority.certificate]);

  it('a certificate of an authority that this machine knows is right', async () => {
    const authority = new TestAuthority();
    trust(authority);
    await over(authority);
    await fetched();
    expect(await here.blobs()).toHaveLength(1);
  });

  it.each([
    ['is not valid yet', 'slow', [1, 2]],
    ['has expired', 'fast', [-2, -1]],
  ] as const)('a certificate that %s makes one look at the clock, which may be %s', async (what, clock, days) => {
    const authority = new TestAuthority('late', days);
    trust(authority);
    await over(authority);
    expect((await seen(fetched())).split('\n')).toEqual([
      'FETCH-FAILED',
      `cannot download bin/k3s: the certificate of files.example ${what}`,
      `the clock of this machine may be ${clock}`,
      'URL https://files.example/k3s',
      'timedatectl          is the clock of this machine right?',
      'timedatectl set-ntp true',
    ]);
    expect(site.seen).toEqual([]);
  });

  it('a stranger is refused', async () => {
    trust(new TestAuthority());
    await over(new TestAuthority('stranger'));
    expect(await seen(fetched())).toMatchInlineSnapshot(`
      "FETCH-FAILED
      cannot download bin/k3s: files.example shows a certificate of an authority that this machine does not know
      URL https://files.example/k3s
      export NODE_EXTRA_CA_CERTS=/path/to/ca.pem          where a proxy or mirror has an authority of its own"
    `);
  });

  it('a certificate of somebody else is refused', async () => {
    const authority = new TestAuthority();
    trust(authority);
    await over(authority, 'elsewhere.example');
    expect(await seen(fetched())).toContain('the certificate is not one of files.example');
  });

  it('nothing leads from https to http', async () => {
    const authority = new TestAuthority();
    trust(authority);
    await over(authority);
    site.play(status(302, { location: 'http://127.0.0.1:9/k3s' }));
    expect(await seen(fetched())).toContain('files.example sends from https to http, where anybody could answer');
  });
});

describe('a small text', () => {
  const text = (limit?: number) =>
    here.downloads.text(
      { name: 'the checksums of k3s', url: `${site.origin}/sums` },
      limit === undefined ? {} : { limit },
    );

  it('comes as it is, after as many tries', async () => {
    site.play({ kind: 'other', content: Buffer.from('abc  k3s\n') });
    expect(await text()).toBe('abc  k3s\n');
    site.play(status(503), { kind: 'other', content: Buffer.from('é') });
    expect(await text()).toBe('é');
  });

  it('is refused when it is none', async () => {
    const long = await seen(text(1000));
    site.play({ kind: 'page' });
    expect([long, await seen(text())].map((one) => one.split('\n')[1])).toMatchInlineSnapshot(`
      [
        "cannot download the checksums of k3s: files.example sends more than 1000 B, which is not what was asked for",
        "cannot download the checksums of k3s: files.example sends a web page instead",
      ]
    `);
  });

  it('is told by its name when it is not there', async () => {
    site.play(status(404));
    expect(await seen(text())).toContain('cannot download the checksums of k3s: files.example answers 404 (Not Found)');
  });
});
