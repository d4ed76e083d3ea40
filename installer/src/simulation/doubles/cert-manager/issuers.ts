import type { Json } from '#kube/json';
import type { Stage } from '../double.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { keyOf, type Shelf } from '../shelf.ts';
import { sameCondition } from './certificate-status.ts';

const core = 'cert-manager.io/v1';

/** Issuers and cluster issuers, and whether they say that they are ready. */
export interface Issuers {
  find(reference: Json, namespace: string): Json;
}

/** Keeps the Ready condition of every issuer. Only self-signed and CA issuers are known here. */
export function issuers(stage: Stage, works: () => boolean, changed: () => void): Issuers & { refresh(): void } {
  const shelves = new Map<string, Shelf>();
  const queues = ['Issuer', 'ClusterIssuer'].map((kind) => {
    const queue = stage.queue(async (key) => {
      const found: Json = shelves
        .get(kind)
        ?.all()
        .find((one) => keyOf(one) === key);
      if (found === undefined || !works()) return undefined;
      return judge(stage, found);
    });
    const on = ({ object }: { object: Json }) => {
      queue.add(keyOf(object));
      changed();
    };
    shelves.set(kind, stage.follow({ path: kindPath(core, kind), on }));
    return () => {
      for (const one of shelves.get(kind)?.all() ?? []) queue.add(keyOf(one));
    };
  });
  return {
    find: ({ kind = 'Issuer', name }, namespace) =>
      shelves.get(kind)?.get(name, kind === 'Issuer' ? namespace : undefined),
    refresh: () => {
      for (const each of queues) each();
    },
  };
}

async function judge(stage: Stage, issuer: Json): Promise<number | undefined> {
  const verdict = await verdictOn(stage, issuer);
  const old: Json = (issuer.status?.conditions ?? []).find((one: Json) => one.type === 'Ready');
  if (!sameCondition(old, verdict)) {
    await stage.pause(0.5);
    const condition = {
      type: 'Ready',
      ...verdict,
      observedGeneration: issuer.metadata.generation,
      lastTransitionTime: stage.now(),
    };
    await stage.api.patchStatus(clusterPath(issuer), { conditions: [condition] });
  }
  return verdict.status === 'True' ? undefined : 10;
}

function clusterPath(issuer: Json): string {
  return issuer.kind === 'ClusterIssuer'
    ? `${kindPath(core, 'ClusterIssuer')}/${issuer.metadata.name}`
    : pathOf(issuer);
}

async function verdictOn(stage: Stage, issuer: Json): Promise<Json> {
  const { selfSigned, ca } = issuer.spec;
  if (selfSigned !== undefined) return { status: 'True', reason: 'IsReady' };
  if (ca === undefined)
    throw new Error(
      `The cert-manager double knows self-signed and CA issuers only: teach it the type of ${keyOf(issuer)}`,
    );
  const namespace = issuer.metadata.namespace ?? 'cert-manager';
  const secret = await stage.api.get(`${kindPath('v1', 'Secret', namespace)}/${ca.secretName}`);
  if (secret !== undefined) return { status: 'True', reason: 'KeyPairVerified', message: 'Signing CA verified' };
  return {
    status: 'False',
    reason: 'ErrGetKeyPair',
    message: `Error getting keypair for CA issuer: secrets "${ca.secretName}" not found`,
  };
}
