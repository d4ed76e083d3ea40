import { trustedSeal } from '#simulation/bundle/rehearsed-bundle';
import type { Mishap } from '../mishap.ts';

/** What is wrong with the bundle. */
export const bundleMishaps: readonly Mishap[] = [
  {
    name: 'bundle-unsigned',
    summary: 'nobody has signed the bundle',
    at: 'preflight',
    outcome: 'BUNDLE-SIGNATURE, exit code 6; nothing is changed, unless the profile says bundle.allowUnsigned: true',
    strike({ bundle }) {
      bundle.seal = { kind: 'absent' };
    },
    mend({ bundle }) {
      bundle.seal = trustedSeal;
    },
  },
];
