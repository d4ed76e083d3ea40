import { Fault } from '#engine/fault';
import type { BundleSignature } from '#ports/bundle';

/** How whoever is refused can trust a key, or do without a signature: remedies, with a comment behind spaces. */
export interface Ways {
  trust(keyId: string): string;
  readonly allow: string;
}

/** Why a bundle is not trusted; undefined when it is. */
export function distrust(place: string, signature: BundleSignature, ways: Ways): Fault | undefined {
  if (signature.kind === 'trusted') return undefined;
  if (signature.kind === 'forged') return forged(place, signature.detail);
  return signature.kind === 'absent' ? unsigned(place, ways) : unknown(place, signature.keyId, ways);
}

function unsigned(place: string, { allow }: Ways): Fault {
  return new Fault({
    code: 'BUNDLE-SIGNATURE',
    message: 'nobody has signed the bundle',
    cause: 'whoever had it in his hands on the way here could have changed it, and its index with it',
    where: [`bundle ${place}`],
    remedy: [
      `novasphere bundle sign ${place} --key FILE          where the bundle was made, by whoever answers for it`,
      allow,
    ],
  });
}

function unknown(place: string, keyId: string, { trust, allow }: Ways): Fault {
  return new Fault({
    code: 'BUNDLE-SIGNATURE',
    message: `the bundle is signed with key ${keyId}, which nobody here trusts`,
    where: [`bundle ${place}`],
    remedy: [trust(keyId), 'cp KEY.pub /etc/novasphere/keys/          trusts it for everything on this machine', allow],
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
