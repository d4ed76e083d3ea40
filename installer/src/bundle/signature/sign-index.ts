import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '#engine/fault';
import type { BundleTarget } from '#ports/bundle';
import { readIndex, signatureName } from '../index/index-file.ts';
import type { SecretKey } from './secret-key.ts';
import { signatureText } from './signature-file.ts';

/** What minisign reads of a trusted comment. */
const longest = 8000;

export interface Signed {
  readonly keyId: string;
  readonly comment: string;
  /** Where the signature lies. */
  readonly file: string;
}

/** Signs the index of a bundle, and with it everything that the index names; an older signature is replaced. */
export async function signIndex(place: string, key: SecretKey, comment?: string): Promise<Signed> {
  const { bytes, index } = await readIndex(place);
  const told = comment ?? commentOf(index.madeFor);
  if (/\p{Cc}/u.test(told) || Buffer.byteLength(told) > longest) throw unfit();
  const file = join(place, signatureName);
  const fresh = join(place, `.${signatureName}.new`);
  await writeFile(fresh, signatureText(bytes, key, told), { flush: true });
  await rename(fresh, file);
  return { keyId: key.keyId, comment: told, file };
}

function commentOf(madeFor: BundleTarget | undefined): string {
  if (madeFor === undefined) return 'Novasphere, manifests alone';
  const { release, architecture, series } = madeFor;
  return [`Novasphere ${release}`, architecture, ...(series === undefined ? [] : [series])].join(', ');
}

function unfit(): Fault {
  return new Fault({
    code: 'USAGE',
    message: `the comment of a signature is one line of at most ${longest} bytes`,
    remedy: ["novasphere bundle sign BUNDLE --key KEY.key --comment 'plant 7, spring'"],
  });
}
