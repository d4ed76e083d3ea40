import type { Json } from '#kube/json';
import type { Request, Response, Transport } from '#kube/transport';
import type { Clock } from '#ports/clock';

/** What component doubles may see and touch of the simulated machine beneath a node. All of it is at once, none of it fails. */
export interface Machine {
  readonly name: string;
  readonly bootId: string;
  /** False while it is without power or restarting. */
  readonly on: boolean;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  readonly hugepages: Readonly<Record<'2Mi' | '1Gi', number>>;
  readonly addresses: readonly string[];
  /** Images in the container runtime, as `docker.io/rancher/mirrored-pause:3.6`. */
  readonly images: ReadonlySet<string>;
  read(path: string): string | undefined;
  list(path: string): readonly string[];
  write(path: string, content: string): void;
  remove(path: string): void;
  hasDevice(path: string): boolean;
  hasModule(name: string): boolean;
  hasPackage(name: string): boolean;
  isActive(unit: string): boolean;
  /** What is mounted at a path, or holds it: the device and its size in bytes. */
  mountAt(path: string): { readonly device: string; readonly filesystem: string; readonly size: number } | undefined;
}

/** What is broken on purpose. Doubles ask; mishaps switch. Names are in the mishap table. */
export interface Troubles {
  /** Whether a trouble is on, for the subject (an image, a component, a node) where it has one. */
  has(trouble: Trouble, subject?: string): boolean;
  /** Calls back whenever a trouble begins or ends, until the signal aborts. */
  onChange?(tell: () => void, signal: AbortSignal): void;
}

export type Trouble =
  | 'image-missing'
  | 'image-denied'
  | 'webhook-silent'
  | 'node-not-ready'
  | 'hairpin-broken'
  | 'dns-dead'
  | 'multus-config-broken'
  | 'longhorn-webhook-waits'
  | 'guest-silent'
  // Longhorn finds another disk than the one that it knows, too little room on it, or packages missing on the machine.
  | 'longhorn-disk-changed'
  | 'longhorn-disk-full'
  | 'longhorn-packages-missing'
  // Its registrar does not reach the kubelet; it does not remove volumes; what is written to them is lost.
  | 'longhorn-unregistered'
  | 'longhorn-volume-stays'
  | 'storage-forgets'
  | 'snapshot-kinds-unknown'
  // The storage cannot take a snapshot of a claim, or give it more room (subject: the claim).
  | 'snapshot-fails'
  | 'resize-fails'
  // What keeps an importer from its work (subject: the DataVolume).
  | 'import-unreachable'
  | 'import-denied'
  | 'import-missing'
  | 'import-checksum'
  | 'import-too-large'
  | 'import-damaged'
  | 'multus-binary-missing'
  | 'multus-out-of-memory'
  | 'network-manager-dead'
  | 'policy-refused'
  | 'kvm-missing'
  | 'qemu-denied'
  | 'storage-profile-empty'
  | 'block-device-denied'
  | 'cainjector-idle'
  | 'cert-manager-idle'
  | 'operator-idle'
  | 'guest-without-address';

/** One AdmissionReview request and response, cut down to what doubles need. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly object: Json;
  readonly oldObject?: Json;
  readonly dryRun: boolean;
}
export interface AdmissionAnswer {
  readonly allowed: boolean;
  readonly message?: string;
  /** The object after mutation, when it was changed. */
  readonly object?: unknown;
}

/** Where doubles answer what a real component would answer over HTTPS. Keys are `namespace/service`. */
export interface Services {
  /** Until a service is opened, webhooks that name it fail as refused connections do. Returns how to close it again. */
  openWebhook(service: string, admit: (request: AdmissionRequest) => Promise<AdmissionAnswer>): () => void;
}

/** Container logs by `namespace/pod/container`. */
export interface Logs {
  append(container: string, text: string): void;
  clear(container: string): void;
}

/** What every component double is given. It acts only through the API server, as the real one does. */
export interface Bench {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly machines: readonly Machine[];
  readonly troubles: Troubles;
  readonly services: Services;
  readonly logs: Logs;
  /**
   * Serves an aggregated API (`subresources.kubevirt.io/v1`) behind its APIService; returns how to stop.
   */
  openApi?(groupVersion: string, serve: (request: Request) => Promise<Response> | Response): () => void;
  /** Whether the controllers and the scheduler of Kubernetes itself are there, so that nobody has to play them. */
  readonly realControllers?: true;
  /** Aborts when the power goes or the rehearsal ends. */
  readonly signal: AbortSignal;
  /** A number in [0, 1), from the rehearsal's seed. */
  random(): number;
}

/** A component double: runs until the bench's signal aborts; rejects only on a mistake in the double itself. */
export type Double = (bench: Bench) => Promise<void>;

/** Stands in the line of every single write of the simulated world, so that a rehearsal can cut the power at any of them. */
export interface Fuse {
  /** Called before the write; may throw. `torn`: leave what a half-done write leaves, then call `blow`. */
  before(what: string): 'whole' | 'torn';
  /** Called when the write is safe; may throw. */
  after(what: string): void;
  /** The power goes now. */
  blow(what: string): never;
}
