/** What a panel shows: one line for each query, named by its legend. */
interface Panel {
  readonly title: string;
  readonly about: string;
  readonly unit: 'short' | 's' | 'bytes' | 'ops' | 'reqps';
  readonly queries: readonly (readonly [legend: string, expr: string])[];
}

/** Prometheus names the job after the Service; `leader` and the like are names that others use too. */
const ours = '{job="wukong-operator-metrics"}';

const rateBy = (labels: string, metric: string) => `sum by (${labels}) (rate(${metric}${ours}[5m]))`;
const quantile = (share: number, labels: string, metric: string, range: string) =>
  `histogram_quantile(${share}, sum by (${labels}) (rate(${metric}_bucket${ours}[${range}])))`;

const panels: readonly Panel[] = [
  {
    title: 'Who leads',
    about: 'One replica at 1, the other one at 0. Two at 1, or none, is an emergency.',
    unit: 'short',
    queries: [['{{pod}}', `leader${ours}`]],
  },
  {
    title: 'Wukongs by phase',
    about: 'Each replica counts the same Wukongs, so the highest number is shown and not their sum.',
    unit: 'short',
    queries: [['{{phase}}', `max by (phase) (wukong_phase_count${ours})`]],
  },
  {
    title: 'Time until a new Wukong runs',
    about: 'From its creation, the import of its disks included.',
    unit: 's',
    queries: [
      ['p50', quantile(0.5, 'le', 'wukong_time_to_running_seconds', '1h')],
      ['p95', quantile(0.95, 'le', 'wukong_time_to_running_seconds', '1h')],
    ],
  },
  {
    title: 'Passes',
    about: 'How often an object was looked at, and how that ended. A fleet at rest has none.',
    unit: 'ops',
    queries: [['{{controller}} {{result}}', rateBy('controller, result', 'controller_runtime_reconcile_total')]],
  },
  {
    title: 'Passes that fail',
    about: 'Failures that are tried again, and those that trying again cannot help.',
    unit: 'ops',
    queries: [
      ['{{controller}}', rateBy('controller', 'controller_runtime_reconcile_errors_total')],
      ['{{controller}}, for good', rateBy('controller', 'controller_runtime_terminal_reconcile_errors_total')],
    ],
  },
  {
    title: 'Duration of a pass, p95',
    about: 'Most of it is waiting for the API server.',
    unit: 's',
    queries: [['{{controller}}', quantile(0.95, 'le, controller', 'controller_runtime_reconcile_time_seconds', '5m')]],
  },
  {
    title: 'Objects that wait for a pass',
    about: 'More than a few for more than a minute: the API server is slow, or passes fail.',
    unit: 'short',
    queries: [['{{controller}}', `max by (controller) (workqueue_depth${ours})`]],
  },
  {
    title: 'Answers of the API server',
    about: 'A fleet at rest asks for its lease and follows its watches, nothing else.',
    unit: 'reqps',
    queries: [['{{method}} {{code}}', rateBy('method, code', 'rest_client_requests_total')]],
  },
  {
    title: 'Since a watch was last heard',
    about: 'The API server says something once a minute even when nothing happens.',
    unit: 's',
    queries: [['{{pod}} {{resource}}', `time() - kube_watch_last_event_timestamp${ours}`]],
  },
  {
    title: 'Memory',
    about: 'Resident. The limit of the pod is 512 MiB.',
    unit: 'bytes',
    queries: [['{{pod}}', `process_resident_memory_bytes${ours}`]],
  },
  {
    title: 'Lag of the event loop, p99',
    about: 'Above a second, probes and the lease are in danger.',
    unit: 's',
    queries: [['{{pod}}', `nodejs_eventloop_lag_p99_seconds${ours}`]],
  },
];

/** The dashboard as Grafana imports it (schema 39, Grafana 10.3 and younger). */
export function grafanaDashboard(): object {
  return {
    uid: 'wukong-operator',
    title: 'Wukong operator',
    description: 'Whether virtual machines are kept as their Wukongs describe them.',
    tags: ['novasphere', 'kubevirt'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [{ name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' }] },
    panels: panels.map(panelAt),
  };
}

/** Two in a row. */
function panelAt({ title, about, unit, queries }: Panel, index: number): object {
  return {
    id: index + 1,
    type: 'timeseries',
    title,
    description: about,
    gridPos: { x: (index % 2) * 12, y: Math.floor(index / 2) * 8, w: 12, h: 8 },
    datasource,
    fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 8, showPoints: 'never' } }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: queries.map(([legendFormat, expr], at) => ({ refId: 'ABC'.charAt(at), datasource, expr, legendFormat })),
  };
}

const datasource = { type: 'prometheus', uid: '${datasource}' };
