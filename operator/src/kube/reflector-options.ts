import type { ObjectQuery } from './client.ts';
import type { KubeClock } from './clock.ts';
import type { Discovery } from './discovery.ts';
import type { Keep } from './kept-object.ts';
import type { KindNews } from './kind-news.ts';
import type { Index } from './object-store.ts';
import type { Transport } from './transport.ts';

export interface ReflectorOptions {
  readonly transport: Transport;
  readonly discovery: Discovery;
  readonly query: ObjectQuery;
  readonly clock: KubeClock;
  /** A number in [0, 1). Default: always a half. */
  readonly random?: () => number;
  readonly indexes?: Readonly<Record<string, Index>>;
  /** Told of what the server or a handler got wrong. */
  readonly onTrouble?: (error: unknown) => void;
  /** Whether versions of objects can be compared. False for aggregated APIs. Default: true. */
  readonly ordered?: boolean;
  /** Whether only the metadata of objects is asked for. Default: false. */
  readonly metadataOnly?: boolean;
  /** What is kept of an object. Default: everything that comes. */
  readonly keep?: Keep;
  /** Wakes a reflector whose kind was not served. Default: discovery is asked every 30 s. */
  readonly news?: KindNews;
}
