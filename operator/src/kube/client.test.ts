import { describe, expect, it } from 'vitest';
import { KubeClient } from './client.ts';
import type { Request, Response } from './transport.ts';

const served: Response = {
  status: 200,
  body: { resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }] },
};
const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'x' };
const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'x' } };
const busy: Response = { status: 429, body: { kind: 'Status', reason: 'TooManyRequests' }, retryAfter: 7 };
const failed = (message = 'etcdserver: request timed out'): Response => ({
  status: 500,
  body: { kind: 'Status', reason: 'InternalError', message },
});

function client(...answers: Response[]) {
  const pauses: number[] = [];
  const asked: Request[] = [];
  const made = new KubeClient({
    transport: {
      async request(request) {
        asked.push(request);
        return request.path === '/api/v1' ? served : (answers.shift() ?? { status: 200, body: object });
      },
      async *watch() {},
    },
    fieldManager: 'test',
    sleep: async (milliseconds) => void pauses.push(milliseconds),
  });
  return { made, pauses, asked };
}

describe('the client', () => {
  it('waits as long as a busy server asks, then goes on', async () => {
    const { made, pauses } = client(busy, busy);

    await made.create(object);

    expect(pauses).toEqual([7000, 7000]);
  });

  it('gives a busy server up after five attempts', async () => {
    const { made, pauses } = client(busy, busy, busy, busy, busy);

    await expect(made.get(ref)).rejects.toMatchObject({ code: 429, reason: 'TooManyRequests', retryAfter: 7 });
    expect(pauses).toHaveLength(4);
  });

  it('repeats what may be repeated after an error of the server, with growing pauses', async () => {
    const { made, pauses } = client(failed(), failed(), failed());

    await made.apply(object);

    expect(pauses).toEqual([375, 750, 1500]);
  });

  it('does not repeat what is wrong with the manifest itself, though the server calls it an error of its own', async () => {
    const message = 'failed to create typed patch object (x/a; v1, Kind=ConfigMap): .odd: field not declared in schema';
    const { made, pauses } = client({ status: 500, body: { kind: 'Status', status: 'Failure', message, code: 500 } });

    await expect(made.apply(object)).rejects.toThrow('field not declared in schema');
    expect(pauses).toEqual([]);
  });

  it('does not repeat a create that may have been done', async () => {
    const { made, pauses } = client(failed());

    await expect(made.create(object)).rejects.toMatchObject({ code: 500 });
    expect(pauses).toEqual([]);
  });

  it('does not wait for a webhook that does not answer: that is for who knows whose it is', async () => {
    const { made, pauses } = client(failed('Internal error occurred: failed calling webhook "x": refused'));

    await expect(made.apply(object)).rejects.toThrow('failed calling webhook');
    expect(pauses).toEqual([]);
  });

  it('asks discovery once, and again only for what is missing', async () => {
    const { made, asked } = client();

    await made.get(ref);
    await made.get(ref);
    await made.get({ ...ref, kind: 'Unheard' });

    expect(asked.map(({ path }) => path)).toEqual([
      '/api/v1',
      '/api/v1/namespaces/x/configmaps/a',
      '/api/v1/namespaces/x/configmaps/a',
      '/api/v1',
    ]);
  });

  it('throws for writes of a kind that is not served', async () => {
    const { made } = client();

    await expect(made.apply({ ...object, kind: 'Unheard' })).rejects.toThrow(
      'the API server does not serve Unheard in v1',
    );
  });
});
