import { matchProfile } from '#profile/match';
import { dataDiskFinding } from '../../host/data-disk/data-disk-finding.ts';
import type { Check } from '../check.ts';

/** What `novasphere match` says of this machine, and whether the data disk may be used as the profile means to. */
export const devicesFit: Check = async ({ site, sight, facts }) => {
  const { faults } = matchProfile(site.profile, facts, site.node.name);
  if (faults.length > 0) return faults;
  const found = await dataDiskFinding(site.node, sight);
  return found.state === 'blocked' ? [found.fault] : [];
};
