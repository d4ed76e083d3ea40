import type { PasswordHashing } from './password.ts';

/** What cloud-init of one Wukong depends on. */
export interface CloudInitSeen {
  /** What our own Secret has now, decoded; undefined when it is not there, or is not ours. */
  readonly stored: { readonly userdata?: string; readonly networkdata?: string } | undefined;
  /** What a Secret of the Wukong's namespace has, decoded; undefined when it is not there. */
  secret(name: string): Readonly<Record<string, string>> | undefined;
  readonly passwords: PasswordHashing;
}
