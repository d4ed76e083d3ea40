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
  /**
   * What server-side apply would make of the object (dry run); faults as `apply` does, webhooks included. Sends nothing
   * when the books of field owners already say that nothing differs. `live` is what was read of it a moment ago.
   */
  preview(object: KubeObject, live?: KubeObject): Promise<KubeObject>;
  /** What a plain create would answer (dry run); faults as the API server refuses. `metadata.generateName` is allowed. */
  rehearseCreate(object: KubeObject): Promise<KubeObject>;
  /** The last lines of a container's log, `previous` of its life before; undefined while there is none. */
  logs(pod: {
    namespace: string;
    name: string;
    container?: string;
    tailLines?: number;
    previous?: boolean;
  }): Promise<string | undefined>;
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
  /** Server-side apply; sends nothing when that would change nothing. `known` is what was read of it a moment ago. */
  apply(object: KubeObject, known?: KubeObject | 'absent'): Promise<KubeObject>;
  /**
   * Changes single fields by a JSON merge patch, whoever owns them; undefined when the object is gone. A resourceVersion
   * in the change must be the current one. For what cannot wait for its owner: finalizers, settings of a component.
   */
  merge(ref: ObjectRef, change: object): Promise<KubeObject | undefined>;
  /** Deletes and returns at once; nothing there is not an error. Propagation defaults to Foreground. */
  remove(ref: ObjectRef, options?: { readonly propagation?: 'Foreground' | 'Background' | 'Orphan' }): Promise<void>;
}
