import { Fault } from '#engine/fault';

/** A volume whose claim is gone goes with it, unless its driver does not do its part. */
export function stuckVolume(kind: 'PersistentVolume' | 'volumes.longhorn.io', name: string): Fault {
  return new Fault({
    code: 'DELETION-STUCK',
    message: `the volume ${name} of a trial does not go, though its claim has`,
    cause: 'Longhorn has not removed what is behind it, or a node still holds it',
    where: [`object ${kind} ${name}`],
    remedy: [
      `kubectl -n longhorn-system get volumes.longhorn.io ${name}          its state, and where it is attached`,
      'kubectl get volumeattachments          whether a node still holds it',
      'kubectl -n longhorn-system logs -l app=csi-provisioner --tail 20          who removes it',
    ],
  });
}
