import { Fault } from '#engine/fault';
import type { Check } from '../check.ts';

/** k3s needs a default route, also where nothing lies behind it: it finds the node's address and routes services by it. */
export const defaultRoute: Check = async ({ site, sight }) => {
  const { gateway, dhcp } = site.node.network.management;
  if (gateway !== undefined) return [];
  const { stdout } = await sight.host.ask(['ip', '-j', 'route', 'show', 'default']);
  if (/"dev"/.test(stdout)) return [];
  if (dhcp) return ['there is no default route yet; the DHCP server has to hand one out'];
  const at = site.profile.nodes.findIndex((node) => node.name === site.node.name);
  return [
    new Fault({
      code: 'PREFLIGHT-ROUTE',
      message: 'there is no default route, and the profile names no gateway',
      cause: 'k3s cannot find the address of its node without one, even where no internet is',
      remedy: [
        `set nodes[${at}].network.management.gateway to the router of the site, or to any address of its subnet`,
      ],
    }),
  ];
};
