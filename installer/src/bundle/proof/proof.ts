import type { BundleTarget } from '#ports/bundle';

/** `proof.json`: every image that the installation can ask for, who asks for it, and where the bundle holds it. */
export interface Proof {
  readonly version: 1;
  readonly madeFor: BundleTarget;
  /** Whether no image is missing, none is there that nobody asks for, and everything was understood. */
  readonly verdict: 'complete' | 'incomplete';
  /** Sorted by reference. */
  readonly images: readonly ProvenImage[];
  /** Named somewhere and never started: they need not be there. Sorted by reference. */
  readonly unused: readonly UnusedImage[];
  /** What nobody could make out, as sentences without full stop: a variable …_IMAGE whose value is no image. Sorted. */
  readonly findings: readonly string[];
}

export interface ProvenImage {
  /** `docker.io/longhornio/longhorn-manager:v1.12.1` */
  readonly reference: string;
  /** `sha256:…` of the manifest; absent when it is missing, or in an archive that does not tell (docker save). */
  readonly digest?: string;
  /** Bytes of layers and configuration; absent when it is missing. */
  readonly size?: number;
  /** Path of the archive inside the bundle; absent when it is missing. */
  readonly archive?: string;
  /** Empty when nobody asks. */
  readonly askedBy: readonly Asker[];
  /** `extra`: nobody asks for it. It lies in an archive, or only our catalog names it. */
  readonly verdict: 'present' | 'missing' | 'extra';
}

export interface UnusedImage {
  readonly reference: string;
  /** Why it is never started, as our catalog says. */
  readonly reason: string;
  readonly namedBy: readonly Asker[];
}

export interface Asker {
  /**
   * `list`: upstream's own; `text`: an annotation, a file in a ConfigMap; `gate`: what a component makes by itself,
   * always or because a feature is switched on; `supplement`: our catalog says why.
   */
  readonly kind: 'list' | 'image' | 'environment' | 'argument' | 'text' | 'gate' | 'supplement';
  /** `Deployment longhorn-system/longhorn-driver-deployer, environment CSI_ATTACHER_IMAGE`; `lists/longhorn-images.txt`. */
  readonly who: string;
  /** Where that lies: `manifests/longhorn/longhorn.yaml`, `phase verify`; absent where `who` says it. */
  readonly from?: string;
  /** Why, where the object does not say it by itself. */
  readonly reason?: string;
}
