import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Query, Request, Response } from '#kube/transport';
import type { Bench } from '../bench.ts';
import { pathOf } from './kube-path.ts';

/** An answer of the API server that says no. A work queue tries again later; anything else lets it end the double. */
export class Refusal extends Error {
  readonly status: number;

  constructor(request: Request, response: Response) {
    const body = response.body as Json;
    super(`${request.method} ${request.path}: ${response.status} ${body?.message ?? JSON.stringify(body)}`);
    this.name = 'Refusal';
    this.status = response.status;
  }
}

/** Answers that no waiting mends: the double asked for nonsense. */
const MISTAKES = new Set([400, 405, 415]);

/** Whether the same request may go through later: the server refused what it was asked, not how. */
export function mayPass(error: unknown): boolean {
  return error instanceof Refusal && !MISTAKES.has(error.status);
}

/** The few things that component doubles ask of the API server. A server that is away or busy is waited for. */
export interface Api {
  /** The object, or undefined when there is none. */
  get(path: string): Promise<KubeObject | undefined>;
  list(path: string, query?: Query): Promise<Json>;
  /** The object as it is now: the one just made, or the one that was there before (left as it is). */
  ensure(object: Json): Promise<KubeObject>;
  /** Makes a new object; one of that name is a refusal (409). `metadata.generateName` works. */
  create(object: Json): Promise<KubeObject>;
  /** Server-side apply, forced, as the named manager. */
  apply(object: Json, manager: string): Promise<KubeObject>;
  /** JSON merge patch; undefined when the object is gone. */
  patch(path: string, change: Json): Promise<KubeObject | undefined>;
  /**
   * JSON merge patch of `status` alone; undefined when the object is gone. `seen`: the resource version that it was
   * made from, for a list that others write to as well: refused (409) once there is a newer one.
   */
  patchStatus(path: string, status: Json, seen?: string): Promise<KubeObject | undefined>;
  /** Deletes; an object that is gone already is as good. */
  remove(path: string, options?: Json): Promise<void>;
}

const MERGE = 'application/merge-patch+json';
const APPLY = 'application/apply-patch+yaml';
const BUSY = new Set([429, 503, 504]);
const LONGEST_WAIT = 10_000;

export function kubeApi(bench: Bench): Api {
  const ask = (request: Request) => patiently(bench, request);
  const body = async (request: Request) => (await ask(request)).body as Json;
  return {
    get: (path) => unlessGone(body({ method: 'GET', path })),
    list: (path, query = {}) => body({ method: 'GET', path, query }),
    create: (object) => body({ method: 'POST', path: pathOf(object, 'collection'), body: object }),
    async ensure(object) {
      const path = pathOf(object, 'collection');
      const made = await unless(409, body({ method: 'POST', path, body: object }));
      return made ?? (await body({ method: 'GET', path: pathOf(object) }));
    },
    apply: (object, fieldManager) =>
      body({
        method: 'PATCH',
        path: pathOf(object),
        query: { fieldManager, force: 'true' },
        body: object,
        contentType: APPLY,
      }),
    patch: (path, change) => unlessGone(body({ method: 'PATCH', path, body: change, contentType: MERGE })),
    patchStatus(path, status, seen) {
      const change = seen === undefined ? { status } : { metadata: { resourceVersion: seen }, status };
      return unlessGone(body({ method: 'PATCH', path: `${path}/status`, body: change, contentType: MERGE }));
    },
    async remove(path, options) {
      await unlessGone(body({ method: 'DELETE', path, ...(options === undefined ? {} : { body: options }) }));
    },
  };
}

/** Asks until there is an answer that is not "busy"; refusals throw. */
async function patiently(bench: Bench, request: Request): Promise<Response> {
  for (let wait = 1000; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    bench.signal.throwIfAborted();
    const response = await bench.transport.request(request).catch(() => undefined);
    bench.signal.throwIfAborted();
    if (response !== undefined && !BUSY.has(response.status)) return accepted(request, response);
    await bench.clock.sleep(wait, bench.signal);
  }
}

function accepted(request: Request, response: Response): Response {
  if (response.status < 400) return response;
  throw new Refusal(request, response);
}

function unlessGone(answer: Promise<Json>): Promise<KubeObject | undefined> {
  return unless(404, answer);
}

async function unless(status: number, answer: Promise<Json>): Promise<KubeObject | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refusal && error.status === status) return undefined;
    throw error;
  }
}
