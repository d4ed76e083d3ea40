import type { BundleTarget } from '#ports/bundle';
import type { Inventory } from '#ports/facts';
import type { Node, Profile } from '#profile/schema';
import { defaultInventory } from './default-inventory.ts';
import { codenames } from './system-files.ts';

/** The machine that fits a node of a profile, of the kind that a bundle is made for. */
export function fittingInventory(node: Node, profile: Profile, madeFor: BundleTarget | undefined): Inventory {
  const usual = defaultInventory(node, profile);
  if (madeFor === undefined) return usual;
  const { architecture, series } = madeFor;
  const version = Object.entries(codenames).find(([, name]) => name === series)?.[0];
  const os = version === undefined ? usual.os : { id: 'ubuntu', version, name: `Ubuntu ${version} LTS` };
  return { ...usual, cpu: { ...usual.cpu, architecture }, os: version === usual.os.version ? usual.os : os };
}
