import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { hostOf } from '#profile/host-of';
import { type Part, stepOf } from '../verbs/host-part.ts';

export function timezoneStep({ profile, node }: Site): Step {
  return stepOf({ id: 'host/timezone', title: 'Set the time zone' }, zoneIs(hostOf(profile, node).timezone));
}

function zoneIs(wanted: string): Part {
  return {
    async changes({ host }) {
      const { stdout } = await host.ask(['timedatectl', 'show', '--property=Timezone', '--value']);
      return stdout.trim() === wanted ? [] : [{ what: 'time zone', from: stdout.trim() || 'unknown', to: wanted }];
    },
    make: async ({ host }) => void (await host.run(['timedatectl', 'set-timezone', wanted])),
  };
}
