import { type Finding, type Gate, minute, type Step, second } from '#engine/step';
import type { Site } from '#plan/plan';
import type { Host } from '#ports/host';
import { hostOf } from '#profile/host-of';
import { blocked, finding } from '../../verbs/finding.ts';
import { factsOf } from '../../verbs/host-facts.ts';
import { uplinkOf } from '../../verbs/node-network.ts';
import { bootDifferences, uplinkState } from './differences.ts';
import { hugepagesShort, stillDifferent } from './refusals.ts';
import { noteRestart, restartNote } from './restart-note.ts';
import { resumeContent, resumeFile, resumeUnit } from './resume-unit.ts';

/** One restart for everything that only a restart can change; the run goes on by itself after it. */
export function bootStep(site: Site): Step {
  return {
    id: 'host/boot',
    title: 'Restart the machine where only that helps',
    async probe(sight) {
      const facts = await factsOf(sight);
      const changes = await bootDifferences(site, sight.host, facts);
      if (changes.length === 0) return readBack(site, facts.devices.iommuGroups, facts.memory.hugepages['1Gi']);
      const note = await restartNote(sight.host);
      const isAgain =
        note !== undefined && note.boot !== facts.bootId && changes.every((one) => note.because.includes(one.what));
      return isAgain ? blocked(stillDifferent(changes)) : finding(changes);
    },
    async apply(stage, { changes }) {
      const { bootId } = await factsOf(stage);
      await noteRestart(stage.host, { boot: bootId, because: changes.map((change) => change.what) });
      await goOnAfterwards(site, stage.host);
      await stage.host.reboot();
    },
    gate: uplinkConnected(site),
  };
}

function uplinkConnected(site: Site): Gate {
  return {
    title: `${uplinkOf(site.node)} to be connected`,
    soft: 30 * second,
    hard: 2 * minute,
    async check({ host }) {
      const state = await uplinkState(site, host);
      if (state === 'connected') return { ready: true, evidence: [`NetworkManager: ${uplinkOf(site.node)} connected`] };
      return { ready: false, because: `NetworkManager says that ${uplinkOf(site.node)} is ${state ?? 'not there'}` };
    },
  };
}

/** What the command line asked for is compared with what the kernel made of it. */
function readBack(site: Site, iommuGroups: number, had: number): Finding {
  const { iommu, hugepages } = hostOf(site.profile, site.node);
  if (had < hugepages['1Gi']) return blocked(hugepagesShort(had, hugepages['1Gi']));
  const note = 'the IOMMU stays off although the kernel was asked for it: switch on VT-d or AMD-Vi in the firmware';
  return finding([], iommu && iommuGroups === 0 ? [note] : []);
}

async function goOnAfterwards(site: Site, host: Host): Promise<void> {
  await host.write(resumeFile, resumeContent(site));
  await host.run(['systemctl', 'daemon-reload']);
  await host.run(['systemctl', 'enable', resumeUnit]);
}
