import { matchNic } from '#profile/match';
import type { Check } from '../check.ts';

/** Every selector of an interface picks exactly one. */
export const interfacesFit: Check = ({ site: { node }, facts }) =>
  [node.network.management, ...node.network.interfaces].flatMap(({ match }) => {
    const found = matchNic(match, facts.nics);
    return 'fault' in found ? [found.fault] : [];
  });
