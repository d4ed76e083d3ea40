import type { Transport } from '#kube/transport';
import { maySpeak, type Standing } from './standing.ts';
import type { Time } from './time.ts';

/** Thrown by a write of somebody whose lead has run out. */
export class LeadOver extends Error {
  override readonly name = 'LeadOver';
}

/**
 * A transport whose writes are refused once the lead has not been confirmed in time. A process that was stopped for a
 * while goes on with the answers that have come in meanwhile, before any of its timers tells it how late it is.
 */
export function fenced(transport: Transport, standing: Standing, time: Time): Transport {
  return {
    request: async (request) => {
      if (request.method === 'GET' || maySpeak(standing, time.elapsed())) return transport.request(request);
      throw new LeadOver(`no ${request.method} ${request.path}: this process does not lead any more`);
    },
    watch: (...about) => transport.watch(...about),
  };
}
