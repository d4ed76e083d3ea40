import type { KubeObject } from '#kube/object';
import type { Response } from '#kube/transport';
import { type Kind, qualified } from './kinds.ts';

export interface Cause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface About {
  readonly code: number;
  readonly reason?: string;
  readonly message: string;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly causes?: readonly Cause[];
    readonly retryAfterSeconds?: number;
  };
  /** Where a list whose pages are too old may go on all the same. */
  readonly continue?: string;
}

/** What the API server answers when it does not do what was asked: a Status object with an HTTP code. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly about: About;

  constructor(about: About) {
    super(about.message);
    this.about = about;
  }

  response(): Response {
    const { code } = this.about;
    const retryAfter = this.about.details?.retryAfterSeconds;
    return { status: code, body: this.status(), ...(retryAfter === undefined ? {} : { retryAfter }) };
  }

  status(): object {
    const { code, reason, message, details, continue: token } = this.about;
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: token === undefined ? {} : { continue: token },
      status: 'Failure',
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

function named(kind: Kind, name: string): { name: string; group?: string; kind: string } {
  return { name, ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.plural };
}

export const refuse = {
  notFound: (kind: Kind, name: string) =>
    new Refusal({
      code: 404,
      reason: 'NotFound',
      message: `${qualified(kind)} "${name}" not found`,
      details: named(kind, name),
    }),
  noSuchResource: () =>
    new Refusal({
      code: 404,
      reason: 'NotFound',
      message: 'the server could not find the requested resource',
      details: {},
    }),
  alreadyExists: (kind: Kind, { metadata: { name, deletionTimestamp } }: KubeObject) =>
    new Refusal({
      code: 409,
      reason: 'AlreadyExists',
      message: `${deletionTimestamp === undefined ? '' : 'object is being deleted: '}${qualified(kind)} "${name}" already exists`,
      details: named(kind, name),
    }),
  conflict: (kind: Kind, name: string, why: string) =>
    new Refusal({
      code: 409,
      reason: 'Conflict',
      message: `Operation cannot be fulfilled on ${qualified(kind)} "${name}": ${why}`,
      details: named(kind, name),
    }),
  /** A delete of something that is not what it was; the only refusal that names the kind itself. */
  precondition: ({ group, kind }: Kind, name: string, why: string) =>
    new Refusal({
      code: 409,
      reason: 'Conflict',
      message: `Operation cannot be fulfilled on ${group === '' ? kind : `${kind}.${group}`} "${name}": ${why}`,
      details: { name, ...(group === '' ? {} : { group }), kind },
    }),
  badRequest: (message: string) => new Refusal({ code: 400, reason: 'BadRequest', message }),
  forbidden: (kind: Kind, name: string, why: string, causes?: readonly Cause[]) =>
    new Refusal({
      code: 403,
      reason: 'Forbidden',
      message: `${qualified(kind)} "${name}" is forbidden: ${why}`,
      details: { ...named(kind, name), ...(causes === undefined ? {} : { causes }) },
    }),
  methodNotAllowed: () =>
    new Refusal({
      code: 405,
      reason: 'MethodNotAllowed',
      message: 'the server does not allow this method on the requested resource',
      details: {},
    }),
  expired: (message: string, token?: string) =>
    new Refusal({ code: 410, reason: 'Expired', message, ...(token === undefined ? {} : { continue: token }) }),
  /** A version that this server has not seen yet, as after a restore. */
  tooLarge: (version: string, current: number) =>
    new Refusal({
      code: 504,
      reason: 'Timeout',
      message: `Timeout: Too large resource version: ${version}, current: ${current}`,
      details: {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    }),
  internal: (message: string) =>
    new Refusal({
      code: 500,
      reason: 'InternalError',
      message: `Internal error occurred: ${message}`,
      details: { causes: [{ message }] },
    }),
  /** A configuration that does not fit the types of its kind. */
  untyped: (message: string) => new Refusal({ code: 500, message }),
  /** The server does not say which operation failed. */
  invalidPatch: () =>
    new Refusal({
      code: 422,
      reason: 'Invalid',
      message: 'the server rejected our request due to an error in our request',
      details: {},
    }),
  tooManyDisruptions: ({ metadata: { name } }: { metadata: { name: string } }) =>
    new Refusal({
      code: 429,
      reason: 'TooManyRequests',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        causes: [
          { reason: 'DisruptionBudget', message: `The disruption budget ${name} does not allow evicting pods now` },
        ],
      },
    }),
  missingManager: () =>
    new Refusal({
      code: 422,
      reason: 'Invalid',
      message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      details: {
        group: 'meta.k8s.io',
        kind: 'PatchOptions',
        causes: [
          {
            reason: 'FieldValueRequired',
            message: 'Required value: is required for apply patch',
            field: 'fieldManager',
          },
        ],
      },
    }),
  mediaType: () =>
    new Refusal({ code: 415, reason: 'UnsupportedMediaType', message: '415: Unsupported Media Type', details: {} }),
  invalid: (kind: Kind, name: string, causes: readonly Cause[]) => {
    const sentences = causes.map((cause) => (cause.field ? `${cause.field}: ${cause.message}` : cause.message));
    const list = sentences.length === 1 ? sentences[0] : `[${sentences.join(', ')}]`;
    const who = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
    return new Refusal({
      code: 422,
      reason: 'Invalid',
      message: `${who} "${name}" is invalid: ${list}`,
      details: { ...named(kind, name), kind: kind.kind, causes },
    });
  },
} as const;
