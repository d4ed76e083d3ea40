import type { KubeClock } from './clock.ts';
import { TokenBucket } from './token-bucket.ts';
import type { Transport } from './transport.ts';

export interface RateLimit {
  readonly clock: KubeClock;
  /** Requests a second in the long run. Default: 20. */
  readonly qps?: number;
  /** How many may go out at once after a rest. Default: 30. */
  readonly burst?: number;
}

/**
 * A transport that spares the API server: a token bucket in front of all requests, in the order in which they come.
 * Watches go past it; so should a lease, which must be kept however much there is to do.
 */
export function limitedTransport(transport: Transport, { clock, qps = 20, burst = 30 }: RateLimit): Transport {
  const bucket = new TokenBucket({ perSecond: qps, burst });
  return {
    async request(request) {
      request.signal?.throwIfAborted();
      const wait = bucket.wait(clock.elapsed());
      if (wait > 0) await clock.sleep(wait, request.signal);
      return transport.request(request);
    },
    watch: (...asked) => transport.watch(...asked),
  };
}
