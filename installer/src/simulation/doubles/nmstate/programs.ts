import { commandLine, type Process, type Program } from '../node/program.ts';

const NO_NETWORK_MANAGER =
  'failed checking nmstatectl health: error: command-error failed to execute nmstatectl show: DbusConnectionError: org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.NetworkManager was not provided by any .service files';

/** The handler on each node: lives only where NetworkManager answers. */
const handler: Program = {
  name: 'nmstate-handler',
  fits: (container) => container.name === 'nmstate-handler' || commandLine(container).includes('--handler'),
  async run(process) {
    await process.sleep(4);
    if (networkManagerRuns(process)) return 'serving';
    process.say(NO_NETWORK_MANAGER);
    return { exitCode: 1 };
  },
};

export const nmstatePrograms: readonly Program[] = [handler];

function networkManagerRuns({ machine, stage }: Process): boolean {
  if (stage.bench.troubles.has('network-manager-dead', machine.name)) return false;
  const active = machine.isActive('NetworkManager') || machine.isActive('NetworkManager.service');
  return active && machine.hasPackage('network-manager');
}
