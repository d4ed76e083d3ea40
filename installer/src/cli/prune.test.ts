import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '#catalog/load-catalog';
import { optionsOf } from './call.ts';
import { pruneConsents } from './prune.ts';

const catalog = await loadCatalog(join(import.meta.dirname, '../../..'));
const consents = (...prune: readonly string[]) => [...pruneConsents(optionsOf({ prune }), catalog)];

describe('--prune', () => {
  it('agrees to what a component has left over, or to one object by its name', () => {
    expect(consents('longhorn', 'Namespace old', 'PersistentVolumeClaim default/data')).toEqual([
      'leftovers of longhorn',
      'Namespace old',
      'PersistentVolumeClaim default/data',
    ]);
  });

  it('agrees to nothing when it is not given', () => {
    expect(consents()).toEqual([]);
  });

  it.each(['longhron', 'disk /dev/disk/by-id/wwn-0x5002538f00000001', 'Namespace', ''])('refuses “%s”', (word) => {
    expect(() => consents(word)).toThrow(`--prune takes a component or an object, and “${word}” is neither`);
  });
});
