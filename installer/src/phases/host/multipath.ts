import type { Step } from '#engine/step';
import type { Inventory } from '#ports/facts';
import type { Stage } from '#ports/world';
import { render } from '#render/render';
import { factsOf } from '../verbs/host-facts.ts';
import { fileWith } from '../verbs/host-file.ts';
import { stepOf } from '../verbs/host-part.ts';

/** Keeps multipathd away from Longhorn's volumes (longhorn.io, knowledge base: volume with multipath). */
export function multipathStep(): Step {
  return stepOf(
    { id: 'host/multipath', title: 'Keep multipath away from volumes' },
    fileWith(
      '/etc/multipath/conf.d/90-novasphere.conf',
      async (sight) => {
        const facts = await factsOf(sight);
        return render(hasSan(facts) ? 'multipath-with-san.conf' : 'multipath.conf', {});
      },
      { after: restartIfThere },
    ),
  );
}

/** Disks of a storage network need multipath; Longhorn's own volumes look the same but for their model. */
function hasSan({ disks }: Inventory): boolean {
  return disks.some(({ transport, model }) => /^(fc|iscsi)$/.test(transport ?? '') && model !== 'VIRTUAL-DISK');
}

async function restartIfThere({ host }: Stage): Promise<void> {
  const { stdout } = await host.ask(['systemctl', 'show', '--property=LoadState', '--value', 'multipathd.service']);
  if (stdout.trim() === 'loaded') await host.run(['systemctl', 'try-restart', 'multipathd.service']);
}
