import { Fault } from '#engine/fault';
import type { KubeObject } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { type Condition, met, type Seen, unmet } from './condition.ts';
import { Persistence } from './persistence.ts';
import { webhookSilence } from './webhook-silence.ts';

/** A dry-run create goes through: the API server serves the kind and every admission webhook in its way answers. */
export function webhookAccepts(sample: KubeObject): Condition {
  const lasting = new Persistence();
  return async (sight) => {
    const fault = await refusalOf(sample, sight);
    if (fault === undefined) return met(`a dry-run ${sample.kind} is accepted`);
    const seen = await because(fault, sight, lasting);
    return unmet(`a dry-run ${sample.kind} is not accepted yet: ${seen.because}`, seen);
  };
}

/** A dry-run create of something wrong is refused: what validates it is at work. */
export function webhookRefuses(sample: KubeObject, what: string): Condition {
  const lasting = new Persistence();
  return async (sight) => {
    const fault = await refusalOf(sample, sight);
    if (fault === undefined) return unmet(`${what} is accepted, though it should be refused`);
    if (fault.code === 'CLUSTER-REFUSED') return met(`${what} is refused`);
    const seen = await because(fault, sight, lasting);
    return unmet(seen.because, seen);
  };
}

async function refusalOf(sample: KubeObject, { cluster }: Sight): Promise<Fault | undefined> {
  try {
    await cluster.rehearseCreate(sample);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

async function because(fault: Fault, sight: Sight, lasting: Persistence): Promise<Seen & { ready: false }> {
  if (fault.code === 'CLUSTER-WEBHOOK') return { ready: false, ...(await webhookSilence(fault, sight, lasting)) };
  return { ready: false, because: [fault.message, ...fault.record().because].join(': '), blame: fault };
}
