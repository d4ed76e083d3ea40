import { Fault } from '#engine/fault';
import type { KubeObject } from '#ports/cluster';
import { type Condition, met, unmet } from './condition.ts';

/** A dry-run create goes through: the API server serves the kind and every admission webhook in its way answers. */
export function webhookAccepts(sample: KubeObject): Condition {
  return async (sight) => {
    try {
      await sight.cluster.rehearseCreate(sample);
      return met(`a dry-run ${sample.kind} is accepted`);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const because = [error.message, ...error.record().because].join(': ');
      return unmet(`a dry-run ${sample.kind} is not accepted yet: ${because}`, { blame: error });
    }
  };
}

/** A dry-run create of something wrong is refused: what validates it is at work. */
export function webhookRefuses(sample: KubeObject, what: string): Condition {
  return async (sight) => {
    try {
      await sight.cluster.rehearseCreate(sample);
      return unmet(`${what} is accepted, though it should be refused`);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (error.code === 'CLUSTER-REFUSED') return met(`${what} is refused`);
      return unmet([error.message, ...error.record().because].join(': '), { blame: error });
    }
  };
}
