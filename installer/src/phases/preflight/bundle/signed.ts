import { distrust, type Ways } from '#bundle/signature/distrust';
import type { Site } from '#plan/plan';
import type { Bundle } from '#ports/bundle';
import type { Remark } from '../check.ts';

const inProfile: Ways = {
  trust: (keyId) =>
    `set bundle.trustedKeys in the profile          to the public key ${keyId}, once you know whose it is`,
  allow: 'set bundle.allowUnsigned: true in the profile          to install it all the same',
};

/** Somebody whom this site trusts has signed the bundle. A signature that is wrong is worse than none, and never let through. */
export async function signed({ profile }: Site, bundle: Bundle): Promise<readonly Remark[]> {
  const { trustedKeys, allowUnsigned } = profile.bundle;
  const signature = await bundle.signature(trustedKeys);
  const fault = distrust(bundle.place, signature, inProfile);
  if (fault === undefined) return [];
  if (!allowUnsigned || signature.kind === 'forged') return [fault];
  const who =
    signature.kind === 'unknown' ? `nobody here knows key ${signature.keyId}` : 'nobody has signed the bundle';
  return [`${who}: it is installed because the profile says bundle.allowUnsigned: true`];
}
