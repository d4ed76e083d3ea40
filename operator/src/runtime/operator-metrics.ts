import type { ReflectorHealth } from '#kube/reflector-health';
import type { Insight } from './insight.ts';
import { counter, gauge, type Metric, type Row } from './metric.ts';
import type { Time } from './time.ts';

/** How the copies of collections are kept. */
export function watchMetrics(insight: Insight, time: Time): readonly Metric[] {
  const by = ['resource'];
  const joined = (value: (one: ReflectorHealth) => number, join: (a: number, b: number) => number) => () => {
    const values = new Map<string, number>();
    // Of a kind that is not served nothing can be heard.
    for (const one of insight.caches().filter(({ dormant }) => !dormant)) {
      const known = values.get(resourceOf(one));
      values.set(resourceOf(one), known === undefined ? value(one) : join(known, value(one)));
    }
    return [...values].map(([resource, all]) => ({ labels: { resource }, value: all }));
  };
  const sum = (a: number, b: number) => a + b;
  const restarts = joined((one) => one.restarts, sum);
  const heard = joined((one) => (time.now() - (time.elapsed() - one.lastHeard)) / 1000, Math.min);
  const size = joined((one) => one.size, sum);
  return [
    counter('kube_watch_restarts_total', 'Watches that were opened again.', by, restarts),
    gauge('kube_watch_last_event_timestamp', 'When something was last heard of a resource.', by, heard),
    gauge('kube_watch_objects', 'Objects of which a copy is kept.', by, size),
  ];
}

/** `Wukong.vm.novasphere.dev`, `Secret`. */
function resourceOf({ apiVersion, kind }: ReflectorHealth): string {
  return apiVersion.includes('/') ? `${kind}.${apiVersion.split('/')[0]}` : kind;
}

/** What the operator does and what for. */
export function operatorMetrics(insight: Insight): readonly Metric[] {
  const answers = () => [...insight.answers].map(answerRow);
  const leader = () => [{ value: insight.standing.leading ? 1 : 0 }];
  return [
    counter('rest_client_requests_total', 'Answers of the API server.', ['method', 'code'], answers),
    gauge('leader', 'Whether this process leads.', [], leader),
    gauge('wukong_phase_count', 'Wukongs by phase.', ['phase'], () => tallied(insight.phases())),
    counter('wukong_events_total', 'What became of events.', ['result'], () => eventRows(insight)),
  ];
}

function answerRow([answer, value]: readonly [string, number]): Row {
  const [method = '', code = ''] = answer.split(' ');
  return { labels: { method, code }, value };
}

function tallied(phases: Iterable<string>): readonly Row[] {
  const counts = new Map<string, number>();
  for (const phase of phases) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  return [...counts].map(([phase, value]) => ({ labels: { phase }, value }));
}

function eventRows({ events }: Insight): readonly Row[] {
  return Object.entries(events?.counts ?? {}).map(([result, value]) => ({ labels: { result }, value }));
}
