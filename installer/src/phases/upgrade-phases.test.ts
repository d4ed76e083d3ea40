import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '#catalog/load-catalog';
import type { Site } from '#plan/plan';
import { loadProfile } from '#profile/load';
import type { Node } from '#profile/schema';
import { upgradeOrder, upgradePhases } from './upgrade-phases.ts';

const root = resolve(import.meta.dirname, '../../..');
const file = join(root, 'profiles/single-node.yaml');
const { profile } = loadProfile(readFileSync(file), file);
const catalog = await loadCatalog(root);
const site: Site = { profile, catalog, node: profile.nodes[0] as Node, upgrading: true };

describe.each(['first', 'last'] as const)('the order of an upgrade with Kubernetes %s', (kubernetes) => {
  const phases = upgradePhases(kubernetes).map((phaseFor) => phaseFor(site));
  const ids = phases.map(({ id }) => id);

  it('looks, keeps a way back and brings the images before it changes a version', () => {
    expect(ids.slice(0, 4)).toEqual(['preflight', 'upgrade', 'host', 'images']);
    expect(ids.slice(-2)).toEqual(['verify', 'tidy']);
  });

  it('is the one that is told', () => {
    // The snapshot controller is a step of Longhorn's phase.
    expect(ids.slice(4, -2)).toEqual(upgradeOrder(kubernetes).filter((name) => name !== 'snapshotter'));
  });

  it('begins a phase only when the one before it has passed', () => {
    expect(phases.map(({ needs }) => needs)).toEqual([[], ...ids.slice(0, -1).map((id) => [id])]);
  });
});
