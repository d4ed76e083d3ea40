import { expect, it } from 'vitest';
import type { KubeObject } from '#ports/cluster';
import { objectChanges } from './object-changes.ts';

const object = (kind: string, data: object): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'a', namespace: 'x' },
  data,
});

it('names each field with what it is and what it would be, and counts what is too much to tell', () => {
  const many = (value: string) => Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((key) => [`key${key}`, value]));

  expect(objectChanges(object('ConfigMap', many('old')), object('ConfigMap', many('new')))).toEqual([
    ...[1, 2, 3, 4, 5].map((key) => ({ what: `update ConfigMap x/a data.key${key}`, from: 'old', to: 'new' })),
    { what: 'update ConfigMap x/a: 2 more fields' },
  ]);
});

it('says that what a Secret holds would change, and never what it holds', () => {
  expect(objectChanges(object('Secret', { token: 'b25l' }), object('Secret', { token: 'dHdv' }))).toEqual([
    { what: 'update Secret x/a data.token', to: 'another value, not shown' },
  ]);
});
