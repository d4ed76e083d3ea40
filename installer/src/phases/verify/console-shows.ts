import { Fault } from '#engine/fault';
import { formatSpan } from '#engine/span';
import { type Gate, minute, second } from '#engine/step';
import type { Site } from '#plan/plan';
import type { Sight } from '#ports/world';
import { met, unmet } from '../verbs/condition.ts';
import { launcherOf } from './sample-conditions.ts';
import { machineName, sampleNamespace } from './sample-objects.ts';

const prompt = new RegExp(`login as 'cirros' user|${machineName} login:`);

/** How many of its last console lines are kept as proof; the report knows them by their mark. */
const excerpt = 8;

/** The guest itself has spoken: its login prompt is on the serial console, and it counts its boots. */
export function consoleShows({ profile }: Site, boots: number): Gate {
  const hard = profile.verify.vm.timeout;
  const which = boots === 1 ? 'a login prompt' : 'a login prompt after its restart';
  return {
    title: `the sample VM to print ${which}`,
    soft: Math.min(3 * minute, hard / 2),
    hard,
    every: 5 * second,
    async check(sight) {
      const lines = await consoleOf(sight);
      if (lines.length === 0) return unmet('the serial console of the sample VM is silent');
      const last = `its serial console says “${lines.at(-1) ?? ''}”`;
      const counted = lines.map((line) => /novasphere-boot=(\d+)/.exec(line)?.[1]).findLast(Boolean);
      if (!lines.some((line) => prompt.test(line))) return unmet(`the sample VM is still booting: ${last}`);
      if (counted === undefined) return unmet(`the sample VM has not run its script yet: ${last}`);
      if (Number(counted) !== boots)
        return unmet(`it counts boot ${counted}`, { hopeless: forgot(boots, counted, lines) });
      const line = lines.findLast((line) => prompt.test(line)) ?? '';
      const shown = lines.slice(-excerpt).map((line) => `console│ ${line}`);
      return met(`its console shows “${line.trim()}”`, `its data disk counts boot ${counted}`, ...shown);
    },
    explain: async (sight) => silent(await consoleOf(sight), which, hard),
  };
}

async function consoleOf(sight: Sight): Promise<readonly string[]> {
  const pod = await launcherOf(sight);
  if (pod === undefined) return [];
  const container = 'guest-console-log';
  const { name } = pod.metadata;
  const log = await sight.cluster.logs({ namespace: sampleNamespace, name, container, tailLines: 200 });
  return (log ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
}

const look = `kubectl -n ${sampleNamespace} logs -l kubevirt.io=virt-launcher -c guest-console-log --tail 50          its console, until the next run`;

function silent(lines: readonly string[], which: string, waited: number): Fault {
  return new Fault({
    code: 'GUEST-SILENT',
    message: `the sample VM runs, but did not print ${which} within ${formatSpan(waited)}`,
    cause:
      lines.length === 0
        ? 'its serial console printed nothing at all'
        : `its console stopped at “${lines.at(-1)?.trim()}”`,
    where: [`object VirtualMachineInstance ${sampleNamespace}/${machineName}`],
    evidence: lines.slice(-10),
    remedy: [look, 'set verify.vm.timeout in the profile higher where guests run in software emulation'],
  });
}

function forgot(boots: number, counted: string, lines: readonly string[]): Fault {
  return new Fault({
    code: 'STORAGE-FAILED',
    message: `the data disk of the sample VM counts boot ${counted}, and it was boot ${boots}`,
    cause: 'what the guest wrote before its restart is not on the disk any more',
    where: [`object PersistentVolumeClaim ${sampleNamespace}/novasphere-sample-data`],
    evidence: lines.slice(-5),
    remedy: ['kubectl -n longhorn-system get volumes.longhorn.io  shows the state of every volume', look],
  });
}
