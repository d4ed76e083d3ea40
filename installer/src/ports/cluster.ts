import type { KubeObject, ObjectRef } from '#kube/object';

export type { KubeObject, ObjectRef } from '#kube/object';

/** Which objects are meant. Selectors in the API's own words: `app=x,tier!=y`, `metadata.name=x`. */
export interface ObjectQuery {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** What may be learnt from a cluster. Nothing here can change it. */
export interface ClusterSight {
  /** Undefined when the object, or its kind, does not exist. */
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** Empty when there is none, or when the kind does not exist. */
  list(query: ObjectQuery): Promise<readonly KubeObject[]>;
  /** Whether the API server serves the kind now. */
  serves(apiVersion: string, kind: string): Promise<boolean>;
  /** What server-side apply would make of the object (dry run); faults as `apply` does, webhooks included. */
  preview(object: KubeObject): Promise<KubeObject>;
  /** What a plain create would answer (dry run); faults as the API server refuses. `metadata.generateName` is allowed. */
  rehearseCreate(object: KubeObject): Promise<KubeObject>;
  /** The last lines of a container's log; undefined while there is none. */
  logs(pod: { namespace: string; name: string; container?: string; tailLines?: number }): Promise<string | undefined>;
  /** A GET of a plain path such as `/readyz?verbose`: status and text. */
  fetch(path: string): Promise<{ readonly status: number; readonly text: string }>;
  /** Starts an observation: whatever is read through its `sight` is watched until `close`. */
  observe(): Observation;
}

/** A look that knows when it is out of date: the ground under every gate. */
export interface Observation {
  readonly sight: ClusterSight;
  /** Settles when anything read through `sight` has changed since it was last read; rejects when `signal` aborts. */
  changed(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** What may be done to a cluster, as field manager `novasphere-installer`. */
export interface Cluster extends ClusterSight {
  /** Server-side apply; sends nothing when the preview equals what is there. */
  apply(object: KubeObject): Promise<KubeObject>;
  /** Deletes and returns at once; nothing there is not an error. Propagation defaults to Foreground. */
  remove(ref: ObjectRef, options?: { readonly propagation?: 'Foreground' | 'Background' | 'Orphan' }): Promise<void>;
}
