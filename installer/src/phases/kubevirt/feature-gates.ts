/** What the product uses. In KubeVirt 1.8 a gate that is not listed is off, whether alpha or beta. */
const used = ['Snapshot', 'VMExport', 'ExpandDisks', 'HotplugVolumes', 'CPUManager', 'HostDevices'];

/**
 * Off by name, because 1.9 turns every beta gate on: Template brings two more images without which KubeVirt stays
 * Deploying, ImageVolume needs Kubernetes 1.35 on every node, and ExternalNetResourceInjection takes the VF request
 * away from SR-IOV machines.
 */
const unwanted = ['ExternalNetResourceInjection', 'Template', 'ImageVolume'];

/** Both lists, as the KubeVirt resource has them. */
export function gatesOf(ofProfile: readonly string[]) {
  return { featureGates: enabledGates(ofProfile), disabledFeatureGates: disabledGates(ofProfile) };
}

function enabledGates(ofProfile: readonly string[]): readonly string[] {
  return [...new Set([...used, ...ofProfile])];
}

/** No gate may be in both lists; what the profile asks for wins. */
function disabledGates(ofProfile: readonly string[]): readonly string[] {
  return unwanted.filter((gate) => !ofProfile.includes(gate));
}
