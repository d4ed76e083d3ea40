import type { ArgumentRow, CommandTable, OptionRow } from './command-table.ts';

/** Rows of the table of commands that share little with the others. */

/** The way back: what is lost with it has options of its own, none of which anybody types by habit. */
export const resetCommand = (profile: ArgumentRow, kubeconfig: OptionRow): CommandTable => ({
  name: 'reset',
  summary: 'Take the platform off again, in the right order; what would be lost has to be named',
  touches: 'host and cluster',
  arguments: [profile],
  options: [
    { flags: '--keep-data', about: 'leave the data of every volume on the disks' },
    { flags: '--with-vm NAMESPACE/NAME', about: 'this virtual machine goes; may be repeated', many: true },
    { flags: '--with-volume NAMESPACE/CLAIM', about: 'this volume is lost; may be repeated', many: true },
    { flags: '--with-all-volumes N', about: 'every volume is lost, all N of them', number: true },
    { flags: '--yes-remove SITE', about: 'the name of the site, instead of typing it when asked' },
    { flags: '--host-only', about: 'take off this machine alone, when its cluster is lost' },
    { ...kubeconfig, about: 'a cluster elsewhere; then no machine is touched' },
  ],
  examples: ['novasphere reset plant-7.yaml', 'novasphere reset plant-7.yaml --keep-data --with-vm shop/db'],
});

export const schemaCommand: CommandTable = {
  name: 'schema',
  summary: 'Print the JSON Schema of the profile, for editors',
  touches: 'nothing',
  arguments: [],
  options: [],
  examples: ['novasphere schema > profile.schema.json'],
};

export const inventoryCommand: CommandTable = {
  name: 'inventory',
  summary: 'Show what this machine is: CPU, memory, disks, network interfaces',
  touches: 'reads the host',
  arguments: [],
  options: [{ flags: '-o, --out FILE', about: 'write it as JSON, for match, plan and rehearse', completes: 'file' }],
  examples: ['novasphere inventory', 'novasphere inventory --out plant-7.json'],
};

export const completionCommand: CommandTable = {
  name: 'completion',
  summary: 'Print shell completion',
  touches: 'nothing',
  arguments: [{ name: 'SHELL', about: 'bash, zsh or fish', choices: ['bash', 'zsh', 'fish'] }],
  options: [],
  examples: ['novasphere completion bash > /etc/bash_completion.d/novasphere', 'novasphere completion fish | source'],
};

export const measureCommand: CommandTable = {
  name: 'measure-fsync',
  summary: 'Measure how long a directory’s disk takes to make a small write durable',
  touches: 'one temporary file in that directory',
  arguments: [{ name: 'DIRECTORY', about: 'a directory on the disk', completes: 'directory' }],
  options: [{ flags: '--writes N', about: 'how many writes to measure; default: 500', number: true }],
  examples: ['novasphere measure-fsync /var/lib/rancher --output json'],
  hidden: true,
};
