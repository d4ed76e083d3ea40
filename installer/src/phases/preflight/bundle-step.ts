import { Fault } from '#engine/fault';
import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { Sight } from '#ports/world';
import { blocked, finding } from '../verbs/finding.ts';
import { madeForThis } from './bundle/made-for.ts';
import { provenFor } from './bundle/proven.ts';
import { signed } from './bundle/signed.ts';
import { whole } from './bundle/whole.ts';
import type { Remark } from './check.ts';

type Look = (site: Site, sight: Sight) => Promise<readonly Remark[]>;

/**
 * Who answers for the bundle is asked first: of one that a stranger has made nothing else is worth knowing. Then whether it
 * is for this machine, before gigabytes of it are read.
 */
const looks: readonly Look[] = [
  (site, { bundle }) => signed(site, bundle),
  madeForThis,
  (_, { bundle }) => whole(bundle),
  // From afar manifests alone are enough: that cluster pulls its images by itself.
  (site, { bundle, host }) => (host.outOfReach === true ? Promise.resolve([]) : provenFor(site, bundle)),
];

/** The bundle is somebody's whom we trust, made for this, whole and complete, before the first of its files is used. */
export function bundleStep(site: Site): Step {
  return {
    id: 'preflight/bundle',
    title: 'Check that the bundle is whole',
    withoutHost: true,
    async probe(sight) {
      const notes: string[] = [];
      for (const look of looks)
        for (const remark of await look(site, sight)) {
          if (remark instanceof Fault) return blocked(remark);
          notes.push(remark);
        }
      return finding([], notes);
    },
    apply: async () => {},
  };
}
