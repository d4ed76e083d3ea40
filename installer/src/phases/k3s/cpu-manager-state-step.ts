import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { HostSight } from '#ports/host';
import { type Part, stepOf } from '../verbs/host-part.ts';
import { isActive } from '../verbs/host-unit.ts';
import { unitOf } from './k3s-site.ts';
import { cpuPolicyOf } from './kubelet.ts';

const stateFile = '/var/lib/kubelet/cpu_manager_state';

/** The kubelet refuses to start over the state of another policy (kubernetes.io, CPU management policies). */
export function cpuManagerStateStep(site: Site): Step {
  const about = { id: 'k3s/cpu-manager-state', title: 'Let go of the state of another CPU policy' };
  return stepOf(about, stateFits(unitOf(site), cpuPolicyOf(site)));
}

function stateFits(unit: string, wanted: string): Part {
  return {
    async changes({ host }) {
      const policy = await savedPolicy(host);
      if (policy === undefined || policy === wanted) return [];
      return [{ what: stateFile, from: `state of policy ${policy}`, to: 'absent', restarts: 'k3s' }];
    },
    async make({ host }) {
      if (await isActive(host, unit)) await host.run(['systemctl', 'stop', unit]);
      await host.remove(stateFile);
    },
  };
}

async function savedPolicy(host: HostSight): Promise<string | undefined> {
  return /"policyName"\s*:\s*"([^"]*)"/.exec((await host.read(stateFile)) ?? '')?.[1];
}
