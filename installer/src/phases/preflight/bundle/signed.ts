import { Fault } from '#engine/fault';
import type { Site } from '#plan/plan';
import type { Bundle, BundleSignature } from '#ports/bundle';
import type { Remark } from '../check.ts';

/** Somebody whom this site trusts has signed the bundle. A signature that is wrong is worse than none, and never let through. */
export async function signed({ profile }: Site, bundle: Bundle): Promise<readonly Remark[]> {
  const { trustedKeys, allowUnsigned } = profile.bundle;
  const signature = await bundle.signature(trustedKeys);
  if (signature.kind === 'trusted') return [];
  if (signature.kind === 'forged') return [forged(bundle.place, signature.detail)];
  if (!allowUnsigned) return [signature.kind === 'absent' ? unsigned(bundle.place) : unknown(bundle.place, signature)];
  const who = signature.kind === 'absent' ? 'nobody has signed the bundle' : `nobody here knows key ${signature.keyId}`;
  return [`${who}: it is installed because the profile says bundle.allowUnsigned: true`];
}

function unsigned(place: string): Fault {
  return new Fault({
    code: 'BUNDLE-SIGNATURE',
    message: 'nobody has signed the bundle',
    cause: 'whoever had it in his hands on the way here could have changed it, and its index with it',
    where: [`bundle ${place}`],
    remedy: [
      `novasphere bundle sign ${place} --key FILE          where the bundle was made, by whoever answers for it`,
      'set bundle.allowUnsigned: true in the profile          to install it all the same',
    ],
  });
}

function unknown(place: string, { keyId }: Extract<BundleSignature, { kind: 'unknown' }>): Fault {
  return new Fault({
    code: 'BUNDLE-SIGNATURE',
    message: `the bundle is signed with key ${keyId}, which nobody here trusts`,
    where: [`bundle ${place}`],
    remedy: [
      `set bundle.trustedKeys in the profile          to the public key ${keyId}, once you know whose it is`,
      'cp KEY.pub /etc/novasphere/keys/          trusts it for every profile on this machine',
      'set bundle.allowUnsigned: true in the profile          to install it all the same',
    ],
  });
}

function forged(place: string, detail: string): Fault {
  return new Fault({
    code: 'BUNDLE-SIGNATURE',
    message: 'the signature of the bundle is not one of this bundle',
    cause: detail,
    where: [`bundle ${place}`],
    remedy: [
      'copy the bundle again from where it was made, its bundle.yaml.minisig with it',
      `novasphere bundle verify ${place}          compares every file, and the signature`,
    ],
  });
}
