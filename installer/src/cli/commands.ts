import { bundleCommands } from './bundle-rows.ts';
import { completionCommand, inventoryCommand, measureCommand, resetCommand, schemaCommand } from './command-rows.ts';
import type { ArgumentRow, CommandTable, OptionRow } from './command-table.ts';
import { mishapList } from './mishap-list.ts';

const profile: ArgumentRow = { name: 'PROFILE', about: 'the profile of the site', completes: 'file' };
const bundle: OptionRow = {
  flags: '--bundle DIR',
  about: 'the air-gap bundle to install from',
  completes: 'directory',
};
const inventory: OptionRow = {
  flags: '--inventory FILE',
  about: 'facts of the machine, from “novasphere inventory”',
  completes: 'file',
};
const kubeconfig: OptionRow = {
  flags: '--kubeconfig FILE',
  about: 'how to reach the cluster; default: the one that k3s writes on its nodes, never $KUBECONFIG or ~/.kube/config',
  completes: 'file',
};

const prune: OptionRow = {
  flags: '--prune WHAT',
  about: 'remove what earlier releases left over: of a component, or one object such as "Namespace old"',
  many: true,
};

export const commonOptions: readonly OptionRow[] = [
  {
    flags: '--output FORMAT',
    about: 'text for people, or json on stdout and text on stderr',
    choices: ['text', 'json'],
  },
  { flags: '--no-color', about: 'no colours, as with NO_COLOR in the environment' },
  { flags: '-v, --verbose', about: 'tell more' },
];

export const commands: readonly CommandTable[] = [
  {
    name: 'init',
    summary: 'Write a commented profile to start from',
    touches: 'one file',
    arguments: [],
    options: [
      inventory,
      { flags: '-o, --out FILE', about: 'where to write it; default: NAME.yaml, - for stdout', completes: 'file' },
      { flags: '--name NAME', about: 'name of the site' },
      { flags: '--force', about: 'replace a file that is already there' },
    ],
    examples: ['novasphere init', 'novasphere init --inventory plant-7.json --name plant-7 --out plant-7.yaml'],
  },
  {
    name: 'validate',
    summary: 'Show every mistake in profiles, with its line and what would be right',
    touches: 'nothing',
    arguments: [{ ...profile, many: true }],
    options: [],
    examples: ['novasphere validate profiles/single-node.yaml', 'novasphere validate sites/*.yaml --output json'],
  },
  schemaCommand,
  inventoryCommand,
  {
    name: 'match',
    summary: 'Show which disk and which network interface each selector picks, and why not the others',
    touches: 'nothing',
    arguments: [profile],
    options: [
      { ...inventory, about: 'facts of the machine, from “novasphere inventory”; default: this machine' },
      { flags: '--node NAME', about: 'which node of the profile the machine is, when it does not know' },
    ],
    examples: ['novasphere match plant-7.yaml --inventory plant-7.json'],
  },
  {
    name: 'plan',
    summary: 'List every change that apply would make, and change nothing',
    touches: 'reads host and cluster',
    arguments: [profile],
    options: [bundle, inventory, kubeconfig, prune],
    examples: [
      'novasphere plan plant-7.yaml',
      'novasphere plan plant-7.yaml --bundle /media/bundle --output json',
      'novasphere plan plant-7.yaml --kubeconfig plant-7.conf',
    ],
  },
  {
    name: 'rehearse',
    summary: 'Play the whole installation on a simulated host and cluster, with mishaps on demand',
    touches: 'nothing',
    arguments: [profile],
    options: [
      {
        flags: '--mishap NAME[@STEP]',
        about: 'something that goes wrong, at that phase or step; may be repeated',
        many: true,
      },
      { flags: '--resume', about: 'after a mishap go on as the next run would' },
      { ...bundle, about: 'the air-gap bundle to rehearse; without it what one would hold' },
      inventory,
      { flags: '--seed N', about: 'the same number plays the same rehearsal', number: true },
      { flags: '--serve [PORT]', about: 'let kubectl look into the rehearsed cluster afterwards', number: true },
      { flags: '--html FILE', about: 'write the report as one page', completes: 'file' },
    ],
    list: { title: 'Mishaps', rows: mishapList, page: 'mishaps.md' },
    examples: [
      'novasphere rehearse plant-7.yaml',
      'novasphere rehearse plant-7.yaml --mishap power-cut@multus --resume',
      'novasphere rehearse plant-7.yaml --bundle /media/bundle',
    ],
  },
  {
    name: 'apply',
    summary: 'Make it so; safe to repeat, resumes after anything',
    touches: 'host and cluster',
    arguments: [profile],
    options: [
      { flags: '--only PHASE', about: 'this phase and no other; may be repeated', many: true, completes: 'phase' },
      { flags: '--from PHASE', about: 'this phase and all after it', completes: 'phase' },
      { flags: '--yes', about: 'agree to the changes without being asked' },
      prune,
      bundle,
      kubeconfig,
      { flags: '--concurrency N', about: 'how many phases may be under way at once', number: true },
    ],
    examples: [
      'novasphere apply plant-7.yaml',
      'novasphere apply plant-7.yaml --only kubevirt --yes',
      'novasphere apply plant-7.yaml --from longhorn --kubeconfig plant-7.conf',
    ],
  },
  {
    name: 'upgrade',
    summary: 'Bring an installed platform to the versions of this release, in the right order',
    touches: 'host and cluster',
    arguments: [profile],
    options: [
      { ...bundle, about: 'the air-gap bundle of this release' },
      { flags: '--yes', about: 'agree to the changes without being asked' },
      prune,
      kubeconfig,
      { flags: '--without-snapshot', about: 'agree to go without a snapshot of etcd where none can be taken' },
    ],
    examples: ['novasphere upgrade plant-7.yaml --bundle /media/bundle'],
  },
  resetCommand(profile, kubeconfig),
  {
    name: 'verify',
    summary: 'Boot the sample VM again and write the certificate',
    touches: 'cluster',
    arguments: [profile],
    options: [bundle, kubeconfig],
    examples: ['novasphere verify plant-7.yaml'],
  },
  {
    name: 'status',
    summary: 'Show where the current or last run is, what it waits for, and since when',
    touches: 'reads',
    arguments: [],
    options: [{ flags: '--follow', about: 'go on until the run ends' }],
    examples: ['novasphere status', 'novasphere status --follow'],
  },
  {
    name: 'explain',
    summary: 'Show the root cause of what is not healthy, as a chain with evidence and remedies',
    touches: 'reads',
    arguments: [{ name: 'STEP', about: 'a step of a run, such as kubevirt/cr', optional: true }],
    options: [
      { flags: '--run RUN', about: 'the run to explain; default: the last one', completes: 'run' },
      {
        flags: '--kubeconfig FILE',
        about: 'a cluster to explain instead, with these components; no run is needed',
        completes: 'file',
      },
    ],
    list: {
      title: 'Exit codes',
      rows: [
        ['0', 'nothing is wrong in the cluster now, or only a run was told'],
        ['1', 'something is wrong in the cluster now'],
      ],
    },
    examples: [
      'novasphere explain',
      'novasphere explain --kubeconfig plant-7.kubeconfig',
      'novasphere explain longhorn/longhorn',
    ],
  },
  {
    name: 'report',
    summary: 'Tell a run: timeline, changes, gates, versions, certificate',
    touches: 'reads',
    arguments: [{ name: 'RUN', about: 'the run to tell; default: the last one', optional: true, completes: 'run' }],
    options: [{ flags: '--html FILE', about: 'write it as one page that needs no network', completes: 'file' }],
    examples: ['novasphere report', 'novasphere report 20261121-060000-apply --html report.html'],
  },
  ...bundleCommands,
  completionCommand,
  measureCommand,
];
