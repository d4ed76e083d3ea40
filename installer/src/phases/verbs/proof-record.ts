import { createHash } from 'node:crypto';
import type { Cluster, ClusterSight, KubeObject, ObjectRef } from '#ports/cluster';
import { trialNamespace } from './trial-namespace.ts';

/** What is known of something that was proven. */
export interface ProofRecord {
  /** Step id. */
  readonly id: string;
  readonly claim: string;
  readonly fingerprint: string;
  /** ISO time. */
  readonly at: string;
  readonly seconds: number;
  readonly evidence: readonly string[];
}

/** The label that every record bears; its value is the step's id with a dot for the slash. */
export const proofLabel = 'novasphere.dev/proof';

/** What a proof holds for, in one word: other versions or other trial objects give another. */
export function fingerprintOf(of: Readonly<Record<string, string>>, trials: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([Object.entries(of), trials]))
    .digest('hex')
    .slice(0, 16);
}

/** Where the record of a proof is kept. */
export function proofRef(id: string): ObjectRef {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace: trialNamespace, name: mapName(id) };
}

export async function readProof(cluster: ClusterSight, id: string): Promise<ProofRecord | undefined> {
  const map = await cluster.get(proofRef(id));
  return map === undefined ? undefined : recordIn(map);
}

/** Every proof that the cluster remembers, in the order of their ids. */
export async function allProofs(cluster: ClusterSight): Promise<readonly ProofRecord[]> {
  const query = { apiVersion: 'v1', kind: 'ConfigMap', namespace: trialNamespace, labelSelector: proofLabel };
  const records = (await cluster.list(query)).map(recordIn).filter((one) => one !== undefined);
  return records.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** One map per proof: server-side apply of a map that all share would take away the others' keys. */
export async function recordProof(cluster: Cluster, record: ProofRecord): Promise<void> {
  const { id, evidence, seconds, ...texts } = record;
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: mapName(id),
      namespace: trialNamespace,
      labels: { 'app.kubernetes.io/managed-by': 'novasphere-installer', [proofLabel]: id.replace('/', '.') },
    },
    data: { id, ...texts, seconds: String(seconds), evidence: JSON.stringify(evidence) },
  });
}

function mapName(id: string): string {
  return `proof-${id.replace('/', '-')}`;
}

function recordIn({ data }: KubeObject): ProofRecord | undefined {
  const { id, claim, fingerprint, at, seconds, evidence } = data ?? {};
  if (typeof id !== 'string' || typeof fingerprint !== 'string') return undefined;
  return { id, claim, fingerprint, at, seconds: Number(seconds), evidence: listIn(evidence) };
}

function listIn(text: unknown): readonly string[] {
  try {
    const list: unknown = JSON.parse(String(text));
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}
