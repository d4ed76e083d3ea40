import { describe, expect, it } from 'vitest';
import { agreedTargets, type Found, type Named } from './reset-consent.ts';

const nothing: Named = { machines: [], volumes: [], all: undefined, keepData: false };
const found: Found = {
  machines: [
    { name: 'shop/db', state: 'Running', object: { apiVersion: 'v1', kind: 'Wukong', metadata: { name: 'db' } } },
  ],
  volumes: ['shop/db-data', 'shop/db-logs'].map((name) => ({
    name,
    volume: name,
    size: 2 ** 30,
    users: [],
    replicas: [],
    isTrial: false,
  })),
};
const targets = ['virtual machine shop/db', 'volume shop/db-data (1 GiB)', 'volume shop/db-logs (1 GiB)'];
const agreed = (named: Partial<Named>, begun: readonly string[] = []) => [
  ...agreedTargets(found, { ...nothing, ...named }, { file: 'plant-7.yaml', begun: new Set(begun) }),
];

describe('the consent to a reset', () => {
  it('names each volume, or how many there are', () => {
    const machines = ['shop/db'];

    expect(agreed({ machines, volumes: ['shop/db-data', 'shop/db-logs'] })).toEqual(targets);
    expect(agreed({ machines, all: 2 })).toEqual(targets);
    expect(() => agreed({ machines, volumes: ['shop/db-data'] })).toThrow(
      'nobody has agreed to lose 1 volume of 1 GiB',
    );
  });

  it('is about machines alone where the data is kept, and never covers a volume then', () => {
    expect(agreed({ machines: ['shop/db'], keepData: true })).toEqual(targets.slice(0, 1));
  });

  it('still holds for what an earlier run had begun to remove', () => {
    expect(agreed({}, targets)).toEqual(targets);
    expect(() => agreed({}, targets.slice(0, 2))).toThrow('nobody has agreed to lose 1 volume of 1 GiB');
  });

  it('of the same command does not fail a second time because something is gone already', () => {
    const rest: Found = { machines: [], volumes: [] };
    const named = { ...nothing, machines: ['shop/db'], all: 2 };

    expect([...agreedTargets(rest, named, { file: 'plant-7.yaml', begun: new Set() })]).toEqual([]);
  });
});
