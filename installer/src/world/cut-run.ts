import { Fault } from '#engine/fault';
import { quote } from '#engine/host-fault';
import type { Entry } from '#ports/journal';
import type { PowerCut } from '#simulation/power';
import type { PlannedMishap } from './planned-mishap.ts';

export interface CutAbout {
  readonly cut: PowerCut;
  /** What the run had written down by then. */
  readonly entries: readonly Entry[];
  /** All mishaps of the rehearsal, to be named again. */
  readonly mishaps: readonly PlannedMishap[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly seconds: number;
}

const moments = { before: 'before', torn: 'in the middle of', after: 'right after' } as const;

/** The end of a run whose power went. A machine without power writes nothing: this is what a person finds out afterwards. */
export function cutRun({ cut, entries, mishaps, now, seconds }: CutAbout) {
  const at = new Date(now).toISOString();
  const step = entries.findLast((one) => one.event === 'step-began');
  const fault = new Fault({
    code: 'POWER-LOST',
    message: `the power was cut ${moments[cut.moment]} “${inWords(cut.during)}”`,
    where: step === undefined ? [] : [`host ${step.host}`, `step ${step.step}`],
    remedy: [
      'run the same command again: it looks at everything and goes on from here',
      `${commandIn(entries, mishaps)}          plays the next boot and that run`,
    ],
  });
  const { exitCode } = fault;
  const changed = entries.filter(({ event }) => event === 'applied').length;
  const failed: readonly Entry[] =
    step === undefined ? [] : [{ event: 'failed', at, step: step.step, host: step.host, fault: fault.record() }];
  const told: readonly Entry[] = [...failed, { event: 'run-ended', at, outcome: 'cut', exitCode, seconds, changed }];
  return { told, result: { outcome: 'cut', exitCode, faults: [fault], changed } as const };
}

function commandIn(entries: readonly Entry[], mishaps: readonly PlannedMishap[]): string {
  const head = entries.find((one) => one.event === 'run-began');
  const wishes = mishaps.flatMap(({ mishap, at }) => ['--mishap', `${mishap.name}@${at}`]);
  return quote(['novasphere', 'rehearse', head?.profile.path ?? 'PROFILE', ...wishes, '--resume']);
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PATCH: 'apply', PUT: 'replace', DELETE: 'delete' };

/** `PATCH /apis/apps/v1/namespaces/cdi/deployments/cdi-operator` → `apply deployments/cdi-operator in cdi`. */
function inWords(during: string): string {
  const request = /^(POST|PATCH|PUT|DELETE) \/(?:api|apis\/[^/]+)\/[^/]+\/(?:namespaces\/([^/]+)\/)?([^/]+)(\/[^/]+)?/;
  const [, method = '', namespace, resource, name = ''] = request.exec(during) ?? [];
  if (resource === undefined) return during;
  return `${verbs[method]} ${resource}${name}${namespace === undefined ? '' : ` in ${namespace}`}`;
}
