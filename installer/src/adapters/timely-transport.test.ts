import { beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '#engine/fault';
import type { Transport } from '#kube/transport';
import { VirtualClock } from '#simulation/virtual-clock';
import { timelyTransport } from './timely-transport.ts';

const day = 24 * 3_600_000;
let clock: VirtualClock;
let code: string;
let transport: Transport;
beforeEach(() => {
  clock = new VirtualClock();
  const refuse = () => Promise.reject(Object.assign(new Error('as OpenSSL says it'), { code }));
  const broken: Transport = {
    request: refuse,
    watch: () => ({ [Symbol.asyncIterator]: () => ({ next: refuse }) }),
  };
  transport = timelyTransport(broken, clock);
});

const asked = () => transport.request({ method: 'GET', path: '/version' }).catch((error: unknown) => error as Fault);

describe('a certificate that is not valid now', () => {
  it('is told as a clock that was set back meanwhile', async () => {
    code = 'CERT_NOT_YET_VALID';
    clock.jump(-30 * day);

    expect(await asked()).toMatchObject({
      code: 'PREFLIGHT-CLOCK',
      message:
        'the clock of this machine was set back by 30 days while the run was under way: it says 2026-10-22 06:00 UTC',
    });
  });

  it('is told as a clock that was wrong from the beginning when nobody has set it', async () => {
    code = 'CERT_NOT_YET_VALID';

    expect(await asked()).toMatchObject({
      message:
        "the clock of this machine says 2026-11-21 06:00 UTC, and by that the cluster's certificates are from the future",
      evidence: [],
    });
  });

  it('may be renewed when it has expired', async () => {
    code = 'CERT_HAS_EXPIRED';
    clock.jump(400 * day);

    const fault = (await asked()) as Fault;

    expect(fault.message).toContain('was set forward by 400 days');
    expect(fault.remedy.at(-1)).toBe(
      'systemctl restart k3s          renews the certificates, if the clock is right after all',
    );
  });

  it('is told by a watch as well', async () => {
    code = 'CERT_NOT_YET_VALID';
    const watched = Array.fromAsync(transport.watch('/api/v1/pods', {}, new AbortController().signal));

    await expect(watched).rejects.toMatchObject({ code: 'PREFLIGHT-CLOCK' });
  });
});

it('leaves every other error as it is', async () => {
  code = 'ECONNREFUSED';

  expect(await asked()).toMatchObject({ message: 'as OpenSSL says it', code: 'ECONNREFUSED' });
});
