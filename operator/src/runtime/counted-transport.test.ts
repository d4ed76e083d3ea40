import { expect, it } from 'vitest';
import type { Transport } from '#kube/transport';
import { counted } from './counted-transport.ts';

it('counts answers by method and status, those of watches, and those that did not come', async () => {
  const answers = new Map<string, number>();
  const server: Transport = {
    request: async ({ path }) => {
      if (path === '/away') throw new Error('no answer');
      return { status: path === '/missing' ? 404 : 200, body: undefined };
    },
    async *watch(path, _query, _signal, options) {
      if (path === '/away') throw new Error('no answer');
      const isOpen = path !== '/forbidden';
      if (isOpen) options?.onOpen?.();
      yield { type: 'ERROR', object: { code: isOpen ? 410 : 403 } };
    },
  };
  const transport = counted(server, answers);
  const { signal } = new AbortController();
  const opened: string[] = [];
  const codes: number[] = [];

  for (const path of ['/a', '/a', '/missing']) await transport.request({ method: 'GET', path });
  await expect(transport.request({ method: 'PATCH', path: '/away' })).rejects.toThrow('no answer');
  for (const path of ['/a', '/forbidden'])
    for await (const event of transport.watch(path, {}, signal, { onOpen: () => opened.push(path) }))
      codes.push(event.object.code);
  const broken = async () => {
    for await (const event of transport.watch('/away', {}, signal)) codes.push(event.object.code);
  };
  await expect(broken()).rejects.toThrow('no answer');

  expect(Object.fromEntries(answers)).toEqual({
    'GET 200': 3,
    'GET 404': 1,
    'PATCH <error>': 1,
    'GET 403': 1,
    'GET <error>': 1,
  });
  expect([opened, codes]).toEqual([['/a'], [410, 403]]);
});
