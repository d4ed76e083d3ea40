import { describe, expect, it } from 'vitest';
import type { Transport } from '#kube/transport';
import { cuttable, replicas } from '../../../test/fixtures/replicas.ts';

describe('the lead', () => {
  it('is given back within 2 seconds, or left to run out when no API server answers', async () => {
    const { clock, server, replica, story } = replicas();
    const { wire, transport } = cuttable(server);
    const a = replica('a', { transport });
    replica('b');
    await clock.sleep(61_000);

    wire.isCut = true;
    a.stop();
    await clock.sleep(60_000);

    expect(story).toEqual(['0 s a leads', '61 s a ends', '63 s a is done', '75 s b leads']);
  });

  it('is given back also when a renewal comes in between', async () => {
    const { clock, server, replica, story } = replicas();
    let isFirst = true;
    const busy: Transport = {
      request: (request) => {
        const isRelease = request.method === 'PUT' && JSON.stringify(request.body).includes('"holderIdentity":""');
        if (!isRelease || !isFirst) return server.request(request);
        isFirst = false;
        return Promise.resolve({ status: 409, body: { message: 'the object has been modified' } });
      },
      watch: (...about) => server.watch(...about),
    };
    const a = replica('a', { transport: busy });
    replica('b');
    await clock.sleep(61_000);

    a.stop();
    await clock.sleep(1000);

    expect(story.slice(2)).toEqual(['61 s a is done', '61 s b leads']);
  });
});
