import { Counter, Gauge, type Registry } from 'prom-client';

export interface Row {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One metric whose values are read when somebody asks for them. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge';
  readonly labels: readonly string[];
  rows(): readonly Row[];
}

type Making = (name: string, help: string, labels: readonly string[], rows: Metric['rows']) => Metric;

export const counter: Making = (name, help, labels, rows) => ({ name, help, kind: 'counter', labels, rows });
export const gauge: Making = (name, help, labels, rows) => ({ name, help, kind: 'gauge', labels, rows });

export function expose(registry: Registry, metrics: readonly Metric[]): void {
  for (const { name, help, kind, labels, rows } of metrics) {
    const about = { name, help, labelNames: [...labels], registers: [] };
    registry.registerMetric(kind === 'counter' ? readCounter(about, rows) : readGauge(about, rows));
  }
}

type About = ConstructorParameters<typeof Counter>[0];

function readCounter(about: About, rows: Metric['rows']): Counter {
  return new Counter({
    ...about,
    collect() {
      this.reset();
      for (const { labels = {}, value } of rows()) this.inc(labels, value);
    },
  });
}

function readGauge(about: About, rows: Metric['rows']): Gauge {
  return new Gauge({
    ...about,
    collect() {
      this.reset();
      for (const { labels = {}, value } of rows()) this.set(labels, value);
    },
  });
}
