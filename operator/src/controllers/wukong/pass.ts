import type { KubeClient } from '#kube/client';
import type { KubeObject, ObjectRef } from '#kube/object';
import type { PasswordHashing } from './cloud-init/password.ts';
import type { NetworkSettings } from './networks/seen.ts';
import type { SecretData } from './secret-data.ts';
import type { Sight } from './sight.ts';

export interface WukongSettings extends NetworkSettings {
  /** What becomes of the policy of a bridge that no Wukong uses any more. */
  readonly policies: 'retain' | 'remove';
}

/** Something that people may want to know of, told once when it happens. */
export interface Happening {
  readonly type: 'Normal' | 'Warning';
  /** `VMCreated`. */
  readonly reason: string;
  readonly note: string;
  readonly related?: ObjectRef;
}

/** What one pass over one object works with. */
export interface Pass {
  readonly client: KubeClient;
  readonly sight: Sight;
  readonly secrets: SecretData;
  readonly settings: WukongSettings;
  /** Aborts with the lead, or when the pass takes too long: nothing may be written afterwards. */
  readonly signal: AbortSignal;
  /** ISO time, to the second. */
  now(): string;
  readonly passwords: PasswordHashing;
  tell(object: KubeObject, happening: Happening): void;
}
