import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { VirtualClock } from '#simulation/virtual-clock';
import { metricsIn } from '../../test/fixtures/promql.ts';
import { silentLog } from '../../test/fixtures/silent-log.ts';
import { Controller } from '../src/runtime/controller.ts';
import { Insight } from '../src/runtime/insight.ts';
import { metricsOf } from '../src/runtime/metrics.ts';

const root = join(import.meta.dirname, '../..');
const objects = (path: string) => loadAll(readFileSync(join(root, path), 'utf8')) as readonly Json[];
const monitoring = objects('operator/deploy/monitoring.yaml');
const shipped = objects('manifests/operator/operator.yaml');
const dashboard: Json = JSON.parse(readFileSync(join(import.meta.dirname, 'dashboard.json'), 'utf8'));

const ofKind = (all: readonly Json[], kind: string): Json => all.find((one) => one.kind === kind);
const alerts: readonly Json[] = ofKind(monitoring, 'PrometheusRule').spec.groups.flatMap((one: Json) => one.rules);
const targets: readonly Json[] = dashboard.panels.flatMap((one: Json) => one.targets);

/** Every metric that an operator at work exposes, with the labels of its series. */
async function exposed(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const clock = new VirtualClock();
  const insight = new Insight();
  const metrics = metricsOf(insight, clock);
  const observer = insight.observe('wukong');
  const controller = new Controller({
    name: 'wukong',
    time: clock,
    concurrency: 1,
    log: silentLog,
    synced: Promise.resolve(),
    about: { source: { all: () => [], onChange: () => () => {} }, keys: () => [] },
    reconcile: async () => ({}),
    ...(observer === undefined ? {} : { observer }),
  });
  insight.controllers.push(controller);
  insight.answers.set('GET 200', 1);
  insight.phases = () => ['Running'];
  insight.running(1);
  insight.events = { counts: { sent: 1, failed: 0, dropped: 0 } } as never;
  const watch = { apiVersion: 'v1', kind: 'Secret', synced: true, dormant: false, healthy: true, needed: true };
  insight.caches = () => [{ ...watch, lastHeard: 0, restarts: 0, size: 1 }];
  void controller.run({ stop: new AbortController().signal, fence: new AbortController().signal });
  await clock.sleep(0);
  controller.add('default/press');
  await clock.sleep(1000);
  return seriesIn((await metrics()).text);
}

function seriesIn(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const series = new Map<string, ReadonlySet<string>>();
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_:][\w:]*)(?:\{(.*)\})? /gim))
    series.set(name, new Set([...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label)));
  return series;
}

describe('alerts and dashboard', () => {
  it.for([
    ['alert', alerts.map(({ alert, expr }) => [alert, expr])],
    ['panel', targets.map(({ legendFormat, expr }) => [legendFormat, expr])],
  ] as const)('ask in no %s for a metric or a label that the operator does not expose', async ([, queries]) => {
    const series = await exposed();

    const missing = queries.flatMap(([name, expr]) =>
      metricsIn(expr).flatMap(({ metric, labels }) => {
        const known = series.get(metric);
        if (known === undefined) return [`${name}: ${metric}`];
        return labels.filter((label) => !known.has(label)).map((label) => `${name}: ${metric} by ${label}`);
      }),
    );

    expect(missing).toEqual([]);
    expect(queries.every(([, expr]) => metricsIn(expr).length > 0)).toBe(true);
  });

  it('ask only the operator: leader and memory are names that others have too', () => {
    for (const { expr } of [...alerts, ...targets])
      expect(expr.match(/job="wukong-operator-metrics"/g)).toHaveLength(metricsIn(expr).length);
  });
});

describe('the page about the operator', () => {
  it('lists no metric that the operator does not expose', async () => {
    const page = readFileSync(join(root, 'docs/operator.md'), 'utf8');
    const listed = [...page.matchAll(/^\| `([a-z_:\d]+)` \|/gm)].map(([, name = '']) => name);
    const series = await exposed();

    expect(listed.length).toBeGreaterThan(10);
    expect(listed.filter((name) => !series.has(name) && !series.has(`${name}_count`))).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('has a panel for each thing that goes wrong by itself', () => {
    expect(dashboard.panels.map(({ title }: Json) => title)).toEqual([
      'Who leads',
      'Wukongs by phase',
      'Time until a new Wukong runs',
      'Passes',
      'Passes that fail',
      'Duration of a pass, p95',
      'Objects that wait for a pass',
      'Answers of the API server',
      'Since a watch was last heard',
      'Memory',
      'Lag of the event loop, p99',
    ]);
  });

  it('puts no panel over another, and lets whoever imports it choose the Prometheus', () => {
    const places = dashboard.panels.map(({ gridPos }: Json) => `${gridPos.x} ${gridPos.y}`);
    expect(new Set(places).size).toBe(places.length);
    expect(new Set(targets.map(({ datasource }) => datasource.uid))).toEqual(new Set(['${datasource}']));
    expect(dashboard.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
  });
});

describe('the objects for a Prometheus Operator', () => {
  it.for(alerts.map((one) => [one.alert, one] as const))('wake somebody with words: %s', ([, alert]) => {
    expect(alert).toEqual({
      alert: expect.stringMatching(/^Wukong[A-Za-z]+$/),
      expr: expect.any(String),
      for: expect.stringMatching(/^\d+m$/),
      labels: { severity: expect.stringMatching(/^(critical|warning)$/) },
      annotations: { summary: expect.any(String), description: expect.stringMatching(/\.$/) },
    });
  });

  it('find the pods of the shipped Deployment, by the names that the queries have', () => {
    const service = ofKind(monitoring, 'Service');
    const { metadata, spec } = ofKind(shipped, 'Deployment');
    const ports: readonly Json[] = spec.template.spec.containers[0].ports;

    expect(service.metadata.namespace).toBe(metadata.namespace);
    expect(spec.template.metadata.labels).toMatchObject(service.spec.selector);
    expect(ports.map(({ name }) => name)).toContain(service.spec.ports[0].targetPort);
    expect(service.metadata.name).toBe('wukong-operator-metrics');
    expect(service.metadata.labels).toMatchObject(ofKind(monitoring, 'ServiceMonitor').spec.selector.matchLabels);
  });
});

describe('the network policy', () => {
  const { spec } = ofKind(shipped, 'NetworkPolicy');

  it('stands before the pods of the Deployment, and lets in nothing but a monitoring, to the metrics', () => {
    const { labels } = ofKind(shipped, 'Deployment').spec.template.metadata;
    expect(labels).toMatchObject(spec.podSelector.matchLabels);
    expect(spec.policyTypes).toEqual(['Ingress']);
    expect(spec.ingress).toEqual([
      {
        from: [{ namespaceSelector: { matchLabels: { 'novasphere.dev/metrics': 'true' } } }],
        ports: [{ port: 'metrics' }],
      },
    ]);
  });

  it('does not stand in the way of probes: they name no host, so that the node sends them', () => {
    const [container] = ofKind(shipped, 'Deployment').spec.template.spec.containers;
    for (const probe of [container.livenessProbe, container.readinessProbe]) {
      expect(probe.httpGet.host).toBeUndefined();
      expect(probe.httpGet.port).toBe('health');
    }
  });
});
