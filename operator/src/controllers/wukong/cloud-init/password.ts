import { createHmac, randomBytes } from 'node:crypto';
import { encrypt, verify } from 'unixcrypt';

/** Hashes each password once. One for the whole process: it remembers, so that a pass costs nothing. */
export interface PasswordHashing {
  /** The stored hash while it is one of this password, and a new one otherwise. `owner` is the uid of the Wukong. */
  hashOf(owner: string, password: string, stored: string | undefined): string;
}

/** How many owners are remembered; whoever falls out is verified again. */
const remembered = 10_000;

/** SHA-512 crypt with the default rounds: another number in a Secret that somebody has edited could take hours. */
const ownHash = /^\$6\$[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{86}$/;

export function passwordHashing(newSalt: () => string = randomSalt): PasswordHashing {
  // What is remembered of a password is of no use to anybody who reads this memory later.
  const key = randomBytes(32);
  const known = new Map<string, string>();
  return {
    hashOf: (owner, password, stored) => {
      const about = createHmac('sha256', key).update(`${owner}\0${password}`).digest('base64');
      const before = known.get(about);
      const hash = kept(password, stored, before) ?? encrypt(password, `$6$${newSalt()}`);
      known.delete(about);
      known.set(about, hash);
      for (const oldest of known.keys()) if (known.size > remembered) known.delete(oldest);
      return hash;
    },
  };
}

/** A copy of the Secret that lags behind has no hash yet, or an older one: the one that was made stays. */
function kept(password: string, stored: string | undefined, before: string | undefined): string | undefined {
  if (stored === undefined || stored === before || !ownHash.test(stored)) return before;
  return verify(password, stored) ? stored : before;
}

/** Whether the library hashes a password as every login does: it does not where a block of the digest is filled exactly. */
export function isHashable(password: string): boolean {
  return Buffer.byteLength(password) % 64 !== 0;
}

function randomSalt(): string {
  return randomBytes(12).toString('base64').replaceAll('+', '.');
}
