import type { ClusterSight, Observation } from '#ports/cluster';

/** The cluster of a machine on which none exists yet: nothing is there, and whatever is applied will be as written. */
export function absentCluster(): ClusterSight {
  const sight: ClusterSight = {
    get: async () => undefined,
    list: async () => [],
    serves: async () => false,
    preview: async (object) => object,
    rehearseCreate: async (object) => object,
    logs: async () => undefined,
    fetch: async () => ({ status: 503, text: 'there is no cluster yet' }),
    observe: (): Observation => ({ sight, changed: untilAborted, close: () => undefined }),
  };
  return sight;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
