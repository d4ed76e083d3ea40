import type { KubeObject } from '#kube/object';
import type { Query, WatchEvent } from '#kube/transport';
import type { Core } from './core.ts';
import type { Kind } from './kinds.ts';
import { eventInShape } from './partial-metadata.ts';
import { select, shown } from './read.ts';
import { Refusal, refuse } from './refusal.ts';
import { type Selects, selection } from './selectors.ts';
import type { Change } from './store.ts';

/** One open watch, as the server sees it. */
export interface OpenWatch {
  /** Ends it cleanly, as a server does after `timeoutSeconds`. */
  end(): void;
  /** Breaks it, as a lost connection does. */
  break(error: Error): void;
  /** Sends a bookmark when the client asked for them. */
  bookmark(): void;
}

export interface Watched {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly query: Query;
  readonly signal: AbortSignal;
  /** The shape of the objects that the client takes. */
  readonly accept: string | undefined;
  readonly onOpen: (() => void) | undefined;
}

type Told = Watched & { readonly fits: Selects };

/** Events on their way to the client. */
class Stream {
  readonly events: WatchEvent[] = [];
  done = false;
  error: Error | undefined;
  wake: () => void = () => undefined;

  readonly push = (event: WatchEvent): void => {
    this.events.push(event);
    this.wake();
  };

  readonly end = (): void => {
    this.done = true;
    this.wake();
  };

  readonly break = (error: Error): void => {
    this.error = error;
    this.wake();
  };
}

/** The events of a watch, until it ends, breaks or is aborted. */
export async function* watch(
  core: Core,
  watched: Watched,
  opened: (watch: OpenWatch) => () => void,
): AsyncGenerator<WatchEvent> {
  const stream = new Stream();
  let close = () => {};
  try {
    close = start(core, watched, stream, opened);
    watched.onOpen?.();
    for (;;) {
      const event = stream.events.shift();
      if (event !== undefined) {
        yield eventInShape(watched.accept, event);
        if (watched.signal.aborted) return;
        continue;
      }
      if (stream.error) throw stream.error;
      if (stream.done) return;
      await new Promise<void>((resolve) => {
        stream.wake = resolve;
      });
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    yield* refused(error);
  } finally {
    close();
  }
}

function start(core: Core, asked: Watched, stream: Stream, opened: (watch: OpenWatch) => () => void): () => void {
  const { kind, query, signal } = asked;
  const watched: Told = { ...asked, fits: selection(kind, query) };
  const { push, end } = stream;
  const stop = core.store.listen(kind.stored, (change) => tell(change, watched, push));
  replay(core, watched, push, end);
  const release = opened({
    end,
    break: stream.break,
    bookmark: () => {
      if (query['allowWatchBookmarks'] === 'true') push({ type: 'BOOKMARK', object: mark(core, kind) });
    },
  });
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  return () => {
    signal.removeEventListener('abort', end);
    stop();
    release();
  };
}

function mark(core: Core, kind: Kind): object {
  const { apiVersion, kind: name } = kind;
  return { kind: name, apiVersion, metadata: { resourceVersion: String(core.store.revision) } };
}

/** What the client has missed since the version that it names, or everything when it names none. */
function replay(core: Core, watched: Told, push: (event: WatchEvent) => void, end: () => void): void {
  const { kind, namespace, query } = watched;
  const version = query['resourceVersion'] ?? '';
  if (version === '' || version === '0') {
    for (const object of select(core, kind, namespace, query)) push({ type: 'ADDED', object });
    return;
  }
  const changes = core.store.since(kind.stored, Number(version));
  if (changes !== undefined) {
    for (const change of changes) tell(change, watched, push);
    return;
  }
  const expired = refuse.expired(`too old resource version: ${version} (${core.store.revision})`);
  push({ type: 'ERROR', object: expired.status() });
  end();
}

function tell(change: Change, { kind, namespace, fits }: Told, push: (event: WatchEvent) => void): void {
  if (namespace !== undefined && change.object.metadata.namespace !== namespace) return;
  const object = shown(change.object, kind);
  const type = seen(change, object, kind, fits);
  if (type === undefined) return;
  const left = type === 'DELETED' && change.type !== 'DELETED' && change.previous !== undefined;
  push({ type, object: left ? lastSeen(shown(change.previous, kind), object) : object });
}

/** What leaves a selection is shown as it was while it fitted, at the version of the change. */
function lastSeen(before: KubeObject, { metadata: { resourceVersion } }: KubeObject): KubeObject {
  return Object.freeze({ ...before, metadata: Object.freeze({ ...before.metadata, resourceVersion }) }) as KubeObject;
}

/** What a change looks like to a client that selects: an object may come into sight or go out of it. */
function seen(change: Change, object: KubeObject, kind: Kind, fits: Selects): Change['type'] | undefined {
  const was = change.previous !== undefined && fits(shown(change.previous, kind));
  if (change.type === 'DELETED') return was ? 'DELETED' : undefined;
  const is = fits(object);
  if (is) return was ? 'MODIFIED' : 'ADDED';
  return was ? 'DELETED' : undefined;
}

/** A watch that could not begin, told as the one event that the client sees. */
export async function* refused(error: Refusal): AsyncGenerator<WatchEvent> {
  yield { type: 'ERROR', object: error.status() };
}
