/**
 * The Debian packages that a node needs and an Ubuntu server may lack. Longhorn asks for the first four, NMState for
 * NetworkManager, certificates for a clock that is right.
 */
export const hostPackages = ['open-iscsi', 'nfs-common', 'cryptsetup', 'dmsetup', 'network-manager', 'chrony'] as const;
