import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { type Part, stepOf } from '../verbs/host-part.ts';
import { isActive } from '../verbs/host-unit.ts';
import { bootOf, importingFile, noteImportingNow } from './import-record.ts';
import { unitOf } from './k3s-site.ts';

/**
 * containerd does not make unpacked layers safe: after a power cut in the middle of an import files of 0 bytes can be
 * left, while image and snapshot look fine, and importing again leaves them so. Then the store goes, and k3s imports
 * from its archives anew. Once an import has been synced and recorded there is nothing to mend.
 */
export function imageStoreStep(site: Site): Step {
  return stepOf({ id: 'k3s/image-store', title: 'Mend the image store after a power cut' }, mended(site));
}

/** A store that may be torn is taken away, and k3s with it until somebody starts it again. */
export function mended(site: Site): Part {
  const store = `${site.profile.cluster.k3s.dataDir}/agent/containerd`;
  const unit = unitOf(site);
  return {
    async changes({ host }) {
      const began = await host.read(importingFile);
      if (began === undefined || began.trim() === (await bootOf(host))) return [];
      const from = 'an import was cut before it was safe';
      return [{ what: store, from, to: 'imported again from the archives', restarts: 'k3s' }];
    },
    async make(stage) {
      const { host } = stage;
      for (const one of [unit, 'kubepods.slice'])
        if (await isActive(host, one)) await host.run(['systemctl', 'stop', one]);
      await host.run(['rm', '-rf', store]);
      await noteImportingNow(stage);
    },
  };
}
