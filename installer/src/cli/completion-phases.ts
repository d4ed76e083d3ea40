/** The ids of all phases, for completion, which must not load the phases themselves. Compared with them by a test. */
export const phases = [
  'preflight',
  'host',
  'k3s',
  'longhorn',
  'multus',
  'nmstate',
  'kubevirt',
  'cdi',
  'cert-manager',
  'operator',
  'verify',
];
