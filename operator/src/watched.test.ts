import { expect, it } from 'vitest';
import { watched } from './watched.ts';

/** The kinds of which a property of the query is set. */
function kindsWith(nmstate: boolean, property: 'clusterScoped' | 'metadataOnly'): readonly string[] {
  return Object.entries(watched(nmstate)).flatMap(([kind, query]) => (query[property] === true ? [kind] : []));
}

it('looks everywhere for what the cluster offers, whichever namespaces it looks after', () => {
  expect(kindsWith(false, 'clusterScoped')).toEqual(['KubeVirt', 'StorageProfile', 'StorageClass']);
});

it('knows of nodes and their networks only where it may change these', () => {
  expect(kindsWith(true, 'clusterScoped')).toEqual(
    expect.arrayContaining(['NodeNetworkConfigurationPolicy', 'NodeNetworkState', 'Node']),
  );
  expect(Object.keys(watched(false))).not.toContain('Node');
});

it('keeps of Secrets the names alone', () => {
  expect(kindsWith(true, 'metadataOnly')).toEqual(['Secret']);
});
