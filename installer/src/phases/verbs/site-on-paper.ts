import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadCatalog } from '#catalog/load-catalog';
import type { Site } from '#plan/plan';
import { loadProfile } from '#profile/load';
import { Profile } from '#profile/schema';

const root = resolve(import.meta.dirname, '../../../..');

export const exampleProfiles = ['single-node', 'lab-vm', 'edge-hugepages', 'three-node'] as const;

/** The site of an example profile, for tests; `node` counts from 0. */
export async function exampleSite(name: (typeof exampleProfiles)[number], node = 0): Promise<Site> {
  const file = `${root}/profiles/${name}.yaml`;
  return siteOf(loadProfile(await readFile(file, 'utf8'), file).profile, node);
}

/** A site of one node with nothing but what a profile must have, and what the test says. */
export async function smallSite(more: { readonly node?: object; readonly profile?: object } = {}): Promise<Site> {
  const management = { match: { mac: '3c:ec:ef:00:00:01' }, addresses: ['10.7.0.10/24'], gateway: '10.7.0.1' };
  const profile = Profile.parse({
    apiVersion: 'novasphere.dev/v1alpha1',
    kind: 'Profile',
    metadata: { name: 'plant-7' },
    nodes: [{ name: 'plant-7-a', network: { management }, ...more.node }],
    ...more.profile,
  });
  return siteOf(profile, 0);
}

async function siteOf(profile: Profile, at: number): Promise<Site> {
  const node = profile.nodes[at];
  if (node === undefined) throw new Error(`the profile has no node ${at}`);
  return { profile, catalog: await loadCatalog(root), node };
}
