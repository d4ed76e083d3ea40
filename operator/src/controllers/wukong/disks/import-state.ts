import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { type Finding, finding } from './finding.ts';
import { withoutCredentials } from './without-credentials.ts';

/** How a DataVolume stands: whether a machine may be made on it, and what there is to tell. */
export interface ImportState {
  readonly passes: boolean;
  readonly finding?: Finding;
}

/** Attempts that are still no reason for alarm. */
const patience = 3;
/** On such a class the machine itself is the first consumer that everything waits for. */
const waiting = new Set(['WaitForFirstConsumer', 'PendingPopulation']);

export function importState(disk: { readonly name: string }, from: string, dataVolume: KubeObject): ImportState {
  const { phase = 'Pending', restartCount = 0, conditions = [] } = dataVolume['status'] ?? {};
  const about = `the disk \`${disk.name}\``;
  if (phase === 'Succeeded') return { passes: true };
  if (waiting.has(phase))
    return { passes: true, finding: finding('WaitingForConsumer', `${about} is filled once the machine starts`) };
  const said = lastWords(conditions);
  if (phase === 'Failed' || restartCount > patience)
    return { passes: false, finding: finding('ImportFailed', failing(about, from, said)) };
  if (/Import|Clone|Transfer/.test(phase)) {
    const trouble = said === undefined ? '' : `, and held up: ${said}`;
    return { passes: false, finding: finding('Importing', `${about} is being filled from ${from}${trouble}`) };
  }
  const because = said === undefined ? '' : `: ${said}`;
  return { passes: false, finding: finding('Provisioning', `${about} waits to be filled from ${from}${because}`) };
}

/** Why the program that fills the disk does not run, or why there is no claim to fill. */
function lastWords(conditions: readonly Json[]): string | undefined {
  const open = conditions.filter(({ status }) => status === 'False');
  const running = open.find(({ type, message }) => type === 'Running' && (message ?? '') !== '');
  // A claim that just waits for its volume is no news.
  const refused = open.find(({ type, reason }) => type === 'Bound' && reason?.startsWith('Err') === true);
  const message: string = (running ?? refused)?.message ?? '';
  return message === '' ? undefined : withoutCredentials(message);
}

function failing(about: string, from: string, said: string | undefined): string {
  const because = said ?? 'it was tried several times, and is being tried again';
  return `${about} cannot be filled from ${from}: ${because}`;
}
