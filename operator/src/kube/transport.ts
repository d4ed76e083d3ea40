import type { Json } from './json.ts';

/**
 * The seam between everything that speaks Kubernetes and the API server: real over undici, simulated in process.
 * Paths are absolute (`/api/v1/namespaces/x/pods`), bodies are plain JSON values.
 */
export interface Transport {
  /** Rejects when the API server did not answer, or something else did in its place; an HTTP error is an answer. */
  request(request: Request): Promise<Response>;
  /** One watch stream until the server ends it, the signal aborts it, or it breaks (then it rejects). */
  watch(path: string, query: Query, signal: AbortSignal, options?: WatchOptions): AsyncIterable<WatchEvent>;
}

export interface WatchOptions {
  /** The shape of the objects. Default: application/json. */
  readonly accept?: string;
  /** Called once the server has taken the watch on; nothing may happen for a long time after that. */
  readonly onOpen?: () => void;
}

export type Query = Readonly<Record<string, string>>;

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  /** Default: application/json. Server-side apply: application/apply-patch+yaml. */
  readonly contentType?: string;
  /** The shape of the answer. Default: application/json. */
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

export interface Response {
  readonly status: number;
  /** Parsed JSON, or text when the server sends text (logs, /readyz). */
  readonly body: unknown;
  /** Seconds that the server asks to wait, from Retry-After. */
  readonly retryAfter?: number;
  /** What was tried before this answer was taken for the last one, by whoever has patience. */
  readonly tried?: Tried;
}

export interface Tried {
  /** How often the request was sent. */
  readonly times: number;
  /** Milliseconds between the first and the last. */
  readonly over: number;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: Json;
}
