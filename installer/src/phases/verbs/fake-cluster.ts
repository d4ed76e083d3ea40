import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { Cluster, KubeObject, ObjectQuery, ObjectRef } from '#ports/cluster';

/** A cluster in memory for tests of verbs: it merges what is applied, and serves what a definition in it declares. */
export class FakeCluster implements Cluster {
  readonly objects = new Map<string, KubeObject>();
  readonly said = new Map<string, string>();
  /** What was written, in order. */
  readonly writes: string[] = [];
  /** Called before anything that goes through admission; may throw. */
  admit: (object: KubeObject) => void = () => {};
  /** Called after every write, so that a test can play the controller. */
  react: (object: KubeObject) => void = () => {};
  #uid = 0;

  put(...objects: readonly KubeObject[]): void {
    for (const object of objects) this.objects.set(key(object, object.metadata), object);
  }

  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    return this.objects.get(key(ref, ref));
  }

  async list({ kind, namespace, labelSelector }: ObjectQuery): Promise<readonly KubeObject[]> {
    return [...this.objects.values()].filter(
      (one) =>
        one.kind === kind &&
        (namespace === undefined || one.metadata.namespace === namespace) &&
        (labelSelector === undefined || labelSelector.split(',').every((term) => selects(term, one))),
    );
  }

  async serves(apiVersion: string, kind: string): Promise<boolean> {
    if (!apiVersion.includes('.') || apiVersion.includes('.k8s.io/')) return true;
    const definitions: readonly Json[] = await this.list({ apiVersion: '', kind: 'CustomResourceDefinition' });
    return definitions.some(
      ({ spec }) =>
        spec.names.kind === kind && spec.versions.some((one: Json) => apiVersion === `${spec.group}/${one.name}`),
    );
  }

  async preview(object: KubeObject): Promise<KubeObject> {
    this.admit(object);
    return merged(await this.get(refTo(object)), object);
  }

  async rehearseCreate(object: KubeObject): Promise<KubeObject> {
    this.admit(object);
    return object;
  }

  async logs({ namespace, name }: { namespace: string; name: string }): Promise<string | undefined> {
    return this.said.get(`${namespace}/${name}`);
  }

  async fetch(): Promise<{ status: number; text: string }> {
    return { status: 200, text: 'ok' };
  }

  observe() {
    return { sight: this, changed: () => new Promise<void>(() => {}), close: () => {} };
  }

  async apply(object: KubeObject): Promise<KubeObject> {
    const before = await this.get(refTo(object));
    const after = await this.preview(object);
    if (JSON.stringify(before) === JSON.stringify(after)) return after;
    const uid = before?.metadata.uid ?? `uid-${++this.#uid}`;
    const stored = { ...after, metadata: { ...after.metadata, uid } };
    this.put(stored);
    this.writes.push(`apply ${object.kind} ${object.metadata.name}`);
    this.react(stored);
    return stored;
  }

  async merge(ref: ObjectRef, change: Json): Promise<KubeObject | undefined> {
    const before = await this.get(ref);
    if (before === undefined) return undefined;
    const after = merged(before, change);
    this.put(after);
    this.writes.push(`merge ${ref.kind} ${ref.name}`);
    return after;
  }

  async remove(ref: ObjectRef): Promise<void> {
    if (!this.objects.delete(key(ref, ref))) return;
    this.writes.push(`remove ${ref.kind} ${ref.name}`);
  }
}

/** What an API server answers while nobody is behind a webhook. */
export function silentWebhook(name: string): Fault {
  return new Fault({ code: 'CLUSTER-WEBHOOK', message: `the webhook ${name} does not answer`, remedy: ['wait'] });
}

function key({ kind }: { kind: string }, { namespace = '', name }: { namespace?: string; name: string }): string {
  return `${kind} ${namespace}/${name}`;
}

function refTo({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

function selects(term: string, { metadata: { labels = {} } }: KubeObject): boolean {
  const [name = '', value] = term.split('=');
  return value === undefined ? name in labels : labels[name] === value;
}

function merged(before: Json, wanted: Json): Json {
  if (before === undefined || typeof before !== 'object' || before === null || Array.isArray(wanted)) return wanted;
  if (typeof wanted !== 'object' || wanted === null) return wanted;
  const all = { ...before };
  for (const [name, value] of Object.entries(wanted)) all[name] = merged(before[name], value);
  return all;
}
