/** Pod addresses of one node: its own /24 out of the pod network, the lowest free one first. */
export function addressPool(clusterCidr: string, index: number, inUse: () => (string | undefined)[]): () => string {
  const [first, second, third] = clusterCidr.split('/')[0]?.split('.') ?? [];
  const prefix = `${first}.${second}.${Number(third) + index}`;
  const given = new Set<string>();
  return () => {
    const taken = new Set(inUse());
    for (let last = 2; last < 255; last++) {
      const address = `${prefix}.${last}`;
      if (taken.has(address) || given.has(address)) continue;
      given.add(address);
      // Only the newest lease needs this: an older one is either in use by now or free again.
      for (const old of given) if (old !== address && !taken.has(old)) given.delete(old);
      return address;
    }
    throw new Error(`no address is free in ${prefix}.0/24`);
  };
}
