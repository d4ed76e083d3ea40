import { createHash } from 'node:crypto';

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Uids, generated names and cluster addresses: unique, and the same in every rehearsal. */
export class Serials {
  #uid = 0;
  #suffix = 0;
  #address = 1;

  uid(): string {
    const hex = createHash('sha256')
      .update(`uid ${++this.#uid}`)
      .digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** Five characters behind a generateName. */
  suffix(): string {
    const bytes = createHash('sha256')
      .update(`suffix ${++this.#suffix}`)
      .digest();
    return Array.from(bytes.subarray(0, 5), (byte) => letters[byte % letters.length]).join('');
  }

  /** The next free address of 10.43.0.0/16; 10.43.0.1 and 10.43.0.10 are taken by the API and by DNS. */
  clusterAddress(): string {
    this.#address += 1;
    if (this.#address === 10) this.#address += 1;
    const spread = (this.#address * 2531) % 65_024;
    return `10.43.${1 + (spread >> 8)}.${1 + ((spread & 0xff) % 254)}`;
  }
}
