import type { Json } from './json.ts';
import { StatusError } from './status-error.ts';
import type { Response } from './transport.ts';

/** Where a kind lives in the API. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  /** `/apis/apps/v1`, `/api/v1`. */
  readonly path: string;
  /** `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly subresources: readonly string[];
}

type Ask = (path: string) => Promise<Response>;

/** What the API server serves: asked once for each group version, and again when something is missing. */
export class Discovery {
  readonly #ask: Ask;
  readonly #known = new Map<string, Promise<ReadonlyMap<string, Resource>>>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Undefined when the kind is not served now. */
  async find(apiVersion: string, kind: string): Promise<Resource | undefined> {
    const known = this.#known.get(apiVersion);
    const found = known === undefined ? undefined : (await known).get(kind);
    if (found !== undefined) return found;
    // A definition applied a moment ago may have brought it.
    return (await this.#read(apiVersion)).get(kind);
  }

  /** Forgets one group version, or everything. */
  forget(apiVersion?: string): void {
    if (apiVersion === undefined) this.#known.clear();
    else this.#known.delete(apiVersion);
  }

  #read(apiVersion: string): Promise<ReadonlyMap<string, Resource>> {
    const reading = this.#fetch(apiVersion);
    this.#known.set(apiVersion, reading);
    reading.catch(() => this.#known.delete(apiVersion));
    return reading;
  }

  async #fetch(apiVersion: string): Promise<ReadonlyMap<string, Resource>> {
    const path = groupPath(apiVersion);
    const response = await this.#ask(path);
    if (response.status === 404) return new Map();
    if (response.status !== 200) throw new StatusError(response, `GET ${path}`);
    const rows = (response.body as Json)?.resources;
    // Whatever answered like this: it must not be read as a group without kinds.
    if (!Array.isArray(rows)) throw new Error(`GET ${path} was answered with something that is no list of resources`);
    return resources(apiVersion, path, rows);
  }
}

/** `/api/v1`, `/apis/apps/v1`. */
export function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function resources(apiVersion: string, path: string, rows: readonly Json[]): ReadonlyMap<string, Resource> {
  const subresources = new Map<string, string[]>();
  for (const { name } of rows) {
    const [plural, sub] = name.split('/');
    if (sub !== undefined) subresources.set(plural, [...(subresources.get(plural) ?? []), sub]);
  }
  const whole = rows.filter(({ name }) => !name.includes('/'));
  return new Map(
    whole.map(({ name: plural, kind, namespaced }) => {
      const below = subresources.get(plural) ?? [];
      return [kind, { apiVersion, kind, path, plural, namespaced, subresources: below }];
    }),
  );
}
