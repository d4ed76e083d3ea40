import type { Change } from '#engine/step';
import type { HostSight } from '#ports/host';
import type { Part } from './host-part.ts';

/** What `systemctl is-enabled` answers for units that start without being enabled (systemctl(1)). */
const startsAnyway = ['enabled', 'enabled-runtime', 'static', 'alias', 'generated', 'indirect'];

export async function isActive(host: HostSight, unit: string): Promise<boolean> {
  return (await host.ask(['systemctl', 'is-active', unit])).stdout.trim() === 'active';
}

export async function enablement(host: HostSight, unit: string): Promise<string> {
  return (await host.ask(['systemctl', 'is-enabled', unit])).stdout.trim() || 'not-found';
}

/** Starts at boot, and runs now unless `later`. */
export function unitEnabled(unit: string, when: 'now' | 'later' = 'now'): Part {
  return {
    async changes({ host }) {
      const changes: Change[] = [];
      const state = await enablement(host, unit);
      if (!startsAnyway.includes(state)) changes.push({ what: unit, from: state, to: 'enabled' });
      if (when === 'now' && !(await isActive(host, unit))) changes.push({ what: unit, from: 'stopped', to: 'running' });
      return changes;
    },
    async make({ host }) {
      if ((await enablement(host, unit)) === 'masked') await host.run(['systemctl', 'unmask', unit]);
      await host.run(['systemctl', 'enable', ...(when === 'now' ? ['--now'] : []), unit]);
    },
  };
}

/** Does not start at the next boot. What runs now goes on: it may be what carries this connection. */
export function unitDisabled(unit: string): Part {
  return {
    async changes({ host }) {
      const state = await enablement(host, unit);
      return state === 'enabled' ? [{ what: unit, from: state, to: 'disabled' }] : [];
    },
    make: async ({ host }) => void (await host.run(['systemctl', 'disable', unit])),
  };
}

/** Cannot be started by anybody, packages included. */
export function unitMasked(unit: string): Part {
  return {
    async changes({ host }) {
      const state = await enablement(host, unit);
      return state === 'masked' ? [] : [{ what: unit, from: state, to: 'masked' }];
    },
    make: async ({ host }) => void (await host.run(['systemctl', 'mask', unit])),
  };
}
