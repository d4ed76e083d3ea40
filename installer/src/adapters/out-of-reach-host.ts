import { Fault } from '#engine/fault';
import { quote } from '#engine/quote';
import type { Host } from '#ports/host';

/** A node that this run knows by name alone: it drives the cluster from another machine. Nothing of it can be seen or done. */
export function outOfReachHost(name: string): Host {
  const never = (doing: string) => Promise.reject(outOfReach(name, doing));
  return {
    name,
    outOfReach: true,
    read: (path) => never(`read ${path}`),
    list: (path) => never(`list ${path}`),
    look: (path) => never(`look at ${path}`),
    digest: (path) => never(`read ${path}`),
    ask: (question) => never(`run “${quote(question)}”`),
    write: (path) => never(`write ${path}`),
    place: (_, path) => never(`write ${path}`),
    remove: (path) => never(`remove ${path}`),
    run: (command) => never(`run “${quote(command)}”`),
    reboot: () => never('restart it'),
  };
}

function outOfReach(name: string, doing: string): Fault {
  return new Fault({
    code: 'HOST-OUT-OF-REACH',
    message: `cannot ${doing} on ${name}: this run drives the cluster from another machine`,
    remedy: [`run the same command on ${name} itself, without --kubeconfig`],
  });
}
