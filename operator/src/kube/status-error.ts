import type { Json } from './json.ts';
import type { Response, Tried } from './transport.ts';

export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
}

/** What the API server said when it did not do what was asked. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  /** The HTTP status. */
  readonly code: number;
  /** `NotFound`, `Conflict`, `Invalid` …; empty when the server gave none. */
  readonly reason: string;
  readonly causes: readonly StatusCause[];
  readonly details: StatusDetails;
  /** Seconds that the server asks to wait. */
  readonly retryAfter: number | undefined;
  /** How often and how long it was asked, where it was asked again. */
  readonly tried: Tried | undefined;

  constructor(response: Response, request: string) {
    const status: Json = isStatus(response.body) ? response.body : {};
    super(status.message ?? `${request} was answered with HTTP ${response.status}${excerpt(response.body)}`);
    this.code = response.status;
    this.reason = status.reason ?? '';
    this.causes = status.details?.causes ?? [];
    this.details = status.details ?? {};
    this.tried = response.tried;
    this.retryAfter = response.retryAfter ?? status.details?.retryAfterSeconds;
  }
}

function isStatus(body: Json): boolean {
  return body !== null && typeof body === 'object' && body.kind === 'Status';
}

function excerpt(body: unknown): string {
  const text = typeof body === 'string' ? body.trim() : '';
  return text === '' ? '' : `: ${text.slice(0, 200)}`;
}
