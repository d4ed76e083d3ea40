import type { Phase } from '#engine/step';
import { trialNamespace } from '../../verbs/trial-namespace.ts';
import { takenOff } from '../removal/taken-off.ts';
import { phase } from './component-phases.ts';

const namespaces = ['novasphere-verify', trialNamespace];

/** What the installation wrote down about itself goes last: until then a run that was cut finds it. */
export function tracesGone(): Phase {
  return phase('reset-records', 'Remove the records of the installation', [
    takenOff({
      id: 'reset-records/namespaces',
      title: 'Remove the namespaces of Novasphere',
      async groups({ cluster }) {
        const live = await Promise.all(
          namespaces.map((name) => cluster.get({ apiVersion: 'v1', kind: 'Namespace', name })),
        );
        return [live.filter((one) => one !== undefined)];
      },
    }),
  ]);
}
