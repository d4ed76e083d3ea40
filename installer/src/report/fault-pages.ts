import type { Code } from '#engine/codes';

/** What each fault means and what to do about it, in one paragraph: the text of docs/reference/faults.md. */
export const faultPages: Readonly<Record<Code, string>> = {
  'PROFILE-INVALID':
    'The profile was read and is not what a profile may be: an unknown key, a value of the wrong form, two settings that exclude each other. Nothing was touched. The screen shows every mistake with its line and what would be right; edit, then `novasphere validate` until it is quiet.',
  'PROFILE-UNREADABLE':
    'The file named on the command line is not there, is a directory, or may not be read by this user. Check the path with `ls -l`.',
  'PROFILE-SECRET':
    'The profile takes a secret from a file or from the environment (`fromFile`, `fromEnv`), and it is not there or is empty. Put it where the profile says, readable for the user who runs the command; secrets are only read when a run starts, never by `validate`.',
  'INVENTORY-INVALID':
    'The file given with `--inventory` was not written by `novasphere inventory`, or it was damaged. Make it anew on the machine: `novasphere inventory --out FILE`.',
  'MATCH-NONE':
    'A selector in the profile fits no disk or network interface of this machine. `novasphere match` lists every device and why it was not picked. Usual causes: the serial of another machine, a missing cable or card, a disk behind a controller that hides its serial.',
  'MATCH-CLUSTER':
    'The kubeconfig leads to a cluster whose Nodes have other names than the nodes of the profile, or this machine is one node for the cluster and another for the profile. Steps that name a node would wait for ever or work on another site. Nothing was touched. Compare `kubectl get nodes` with `nodes` in the profile; usually it is the kubeconfig of another cluster.',
  'MATCH-AMBIGUOUS':
    'A selector fits more than one device where exactly one is wanted; guessing could wipe the wrong disk. Make the selector stricter, best with a serial, WWN or MAC from `novasphere inventory`.',
  'PLAN-INVALID':
    'The phases contradict each other, whatever the profile says. This is a mistake in Novasphere; please report it with the profile.',
  'PREFLIGHT-CPU':
    'The CPU cannot run virtual machines in hardware, or the firmware switched that off. Turn on VT-x, AMD-V or SVM in the firmware; inside a VM turn on nested virtualisation; for a trial set `components.kubevirt.emulation` to `always`, which is slow.',
  'PREFLIGHT-MEMORY':
    'The machine has less memory than the platform and the reserved hugepages need. Add memory or reserve fewer hugepages.',
  'PREFLIGHT-CGROUP':
    'The machine was started with cgroup v1, which Kubernetes no longer supports. Remove `systemd.unified_cgroup_hierarchy=0` from the kernel command line and restart.',
  'PREFLIGHT-OS':
    'This release knows Ubuntu Server 24.04 and nothing else; another system would be changed in ways that nobody tested.',
  'PREFLIGHT-PORT':
    'A port that the platform needs is taken by another program, which the message names. Stop that program or move it to another port.',
  'PREFLIGHT-CLOCK':
    'The clock is far off or not synchronised, and certificates made now would not be valid later. Set the time, check `host.ntp` in the profile and that its servers answer.',
  'PREFLIGHT-RUNTIME':
    'Docker, containerd or another Kubernetes is installed and would fight with k3s over the network and the firewall. Remove it, or use another machine.',
  'PREFLIGHT-NETWORK':
    'The pod or service network of the cluster overlaps a network that the machine is in; what lies there would no longer be reachable. Choose other ranges for `clusterCidr` and `serviceCidr`.',
  'PREFLIGHT-LINK':
    'A network interface that the profile uses has no link: the cable is out, in the wrong port, or the switch port is off. The message names the interface and its MAC.',
  'PREFLIGHT-DISK-SLOW':
    'The disk under k3s takes too long to make small writes durable; etcd would lose its leader under load. Use an SSD with power-loss protection, or move `cluster.k3s.dataDir` to a faster disk.',
  'PREFLIGHT-DISK-SPACE':
    'A file system has less space than the images and the data need. Make room or use a larger disk.',
  'PREFLIGHT-ROUTE':
    'The machine has no default route, and Kubernetes cannot choose its address. Set `gateway` of the management network, also in an air-gapped plant.',
  'PREFLIGHT-LIBVIRT':
    'libvirt runs on the host and would take over or stop virtual machines of KubeVirt. Remove it: `apt-get remove libvirt-daemon-system`.',
  'BUNDLE-UNREADABLE':
    'The bundle directory is not there, has no index, or has one that contradicts itself: a path that it names twice, or two that are one file on a medium that does not tell small letters from capitals. Check the path given with `--bundle` and that the medium is mounted.',
  'BUNDLE-INVALID':
    'Files of the bundle differ from its index: changed, missing, too many, unreadable, or leading out of the directory; or something is there that is no file: a link, a pipe, a socket, a device; or an archive of images is cut, or lacks a layer of an image that it names. Nothing was installed from it. Copy it again from its source; a flipped bit or a file that cannot be read usually means a bad medium.',
  'BUNDLE-FILE-MISSING':
    'A step needs a file that the bundle does not hold: the bundle was made for another release. Make one for this release.',
  'BUNDLE-SIGNATURE':
    'Nothing is installed from a bundle that somebody could have changed on its way. Its index must be signed (bundle.yaml.minisig, in minisign’s format) with a key that the profile names under `bundle.trustedKeys`, or whose file lies in /etc/novasphere/keys/*.pub of the machine that the command runs on. `novasphere bundle sign DIR --key FILE` signs it, and `minisign -V` checks the same signature. For trying out the profile may say `bundle.allowUnsigned: true`: then an unsigned bundle, or one of an unknown key, is installed with a note; a signature that is wrong never lets anything pass.',
  'BUNDLE-MISMATCH':
    'A bundle is made for one release of Novasphere, one architecture and, where it brings packages, one Ubuntu series; this one is for another than what is here. The screen names each difference. Use the bundle that was made for this machine, or make one: `novasphere bundle fetch DIR --architecture … --series …` with the novasphere of the same release.',
  'BUNDLE-UNPROVEN':
    'Nothing is installed from a bundle of which nobody knows whether every image is in it: on a site without internet one missing image is a pod that never starts. The bundle has no proof.json, or its proof is for another release, architecture or Ubuntu series, or says itself that something is missing. `novasphere bundle prove DIR`, where the bundle was made, compares what every manifest, list and component asks for with what the archives hold, and writes proof.json and proof.html.',
  'BUNDLE-INCOMPLETE':
    'An image that an object of the installation asks for lies in no archive of the bundle, or an image lies there that nobody asks for, or something looks like an image and nobody can make out which. The screen names each with who wants it, or where it lies; proof.html shows all of them. What is missing belongs into `images` of the component’s component.yaml, then `bundle resolve` and `bundle fetch`; what a component starts although nothing names it needs a `reason` there; what a manifest names and nothing ever starts belongs under `unused`. The verification at the end says the same of an image that a pod of the platform uses and no bundle has brought: it was pulled from a registry or loaded by hand, and the next site has neither.',
  'LOCK-INVALID':
    'The lock file (`manifests/catalog.lock.yaml`, or that of `--lock`) is no lock, or not the lock of this catalog: an address, a version or a digest was edited by hand, or an entry is missing, too many or there twice. Each mistake is named with its line. `novasphere bundle resolve` writes the lock anew; a catalog that has changed wants that too.',
  'LOCK-UNRESOLVED':
    'Something that the bundle needs has never been looked up, so that nobody knows what it really is: without a digest nothing is downloaded, verified or burned. `novasphere bundle resolve` on a machine with the internet looks it up; the packages of an Ubuntu release need its medium as well (`--base`).',
  'LOCK-DRIFT':
    '`bundle resolve --check` has asked upstream again, and got another answer than the one that is locked: a tag that moved, or a file that was replaced. That is either a mistake of theirs or an attack, and in both cases not what was tried. Bundles that exist hold what was locked. Find out why; then `--renew NAME` takes it as it is now.',
  'PROGRAM-MISSING':
    'Making a bundle calls programs of the machine (skopeo, apt-get, xorriso, dpkg-deb), and one of them is not installed. The remedy names the Debian package that brings it.',
  'KEY-INVALID':
    'A key of minisign cannot be used: the file or the text is none, a secret key stands where a public one belongs, the password does not open it, or its checksum says that it was damaged. A public key is one line of 56 characters that begins with RW, alone or in a file that ends in .pub. To try the password of a usual secret key takes 1 GiB of memory for some seconds. A lost password cannot be found again: make another pair with `novasphere bundle keys NAME` and give its public half to the machines. Where the message names a keyring, it is about the keys that Ubuntu signs its package lists with: without them nobody knows whose packages these are, and none is taken.',
  'MEDIUM-INVALID':
    'The file or directory given as installation medium is not the live medium of Ubuntu Server, is damaged, is for another kind of machine, or is too old: 22.04.5, 24.04.1 and newer long-term releases are supported, since older ones do not start under current Secure Boot. The screen shows what was found. Compare the checksum of the download, and take the newest point release of the series.',
  'PACKAGES-UNSOLVABLE':
    'The Debian packages that a node needs, with all that they depend on, cannot be brought together from what the medium installs and what the archive has. The screen names the package and what it misses. Usual causes: a mirror that lags behind or belongs to another series than the medium, and one that carries no universe. apt on the machine that runs the command plays no part in it: neither its sources nor what is installed there.',
  'FETCH-FAILED':
    'A server, the network or a proxy on the way did not bring a file or an image, after several tries where trying again makes sense. The message says who did what, and from where. What has arrived stays in the store: the same command goes on from there. A certificate that is “not valid yet” or “expired” usually means a wrong clock: `timedatectl`. Where a site has copies of its own, `--mirror FROM=TO` asks there instead.',
  'FETCH-DENIED':
    'A server answers that it does not know who asks (401, 403), or a proxy wants a user and a password (407). Nobody tries that again. The proxy is the one of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in small or capital letters, with `USER:PASSWORD@` before its name; special characters stand there as % and two digits. Registries are logged in to with `skopeo login`.',
  'FETCH-CHANGED':
    'What came has another SHA-256 or size than the lock file says, twice in a row, and was thrown away: nothing that differs by a single byte ever comes to lie in the store. Either upstream has replaced the file, which `novasphere bundle resolve --check` tells, or a mirror, a proxy or the portal of a network has sent something else. Never edit the digest by hand to get past this.',
  'FETCH-LOCKED':
    'Another fetch works on the same store; both would download everything twice. Wait for it or end it: what it has fetched is not fetched again. The lock of a process that no longer runs, or that a restart has ended, is taken over by itself.',
  'CATALOG-INVALID': 'The data of this release contradicts itself. This is a mistake in Novasphere; please report it.',
  'DISK-NOT-BLANK':
    'The data disk holds a file system, partitions or a RAID signature, and the profile only allows a blank disk to be formatted. Look with `lsblk -f`; when it is really the right disk and its content may go, wipe it yourself or set `wipe` for exactly that disk.',
  'DISK-IN-USE':
    'The disk is mounted, part of a volume group, or the system runs from it. It is never touched in that state; choose another disk.',
  'CONSENT-MISSING':
    'A step would destroy something that neither the profile nor the command line named exactly. Read the change list of `novasphere plan`, then give consent for that very target.',
  'CONFIRMATION-MISSING':
    'The changes were listed and nobody agreed. Answer `yes`, or add `--yes` where nobody can answer.',
  'HOST-COMMAND':
    'A command on the machine ended with an error; its last lines are on the screen. Fix what they say and run again.',
  'HOST-FILE':
    'A file on the machine cannot be read or written, or a step found something else in its place. The message names the path.',
  'HOST-DISK-FULL':
    'A file system is full. When it is the one with the journal, the run stops although more could be done: nothing is changed without evidence. Make room, run again.',
  'HOST-PERMISSION': 'The command needs administrator rights. Run it as root, for example with `sudo`.',
  'HOST-HUGEPAGES':
    'The memory is too fragmented to give the hugepages at run time. They are reserved at the next start; restart the machine and run again.',
  'HOST-OUT-OF-REACH':
    'The command drives a cluster from a machine that is none of its nodes, and what was asked for happens on a node: packages, kernel, disks, k3s. A machine is only ever changed by a run on that very machine. From elsewhere the phases that go through the API alone are possible: `novasphere apply PROFILE --from longhorn --kubeconfig FILE`.',
  'KUBECONFIG-INVALID':
    'The kubeconfig is not there, cannot be read, is not YAML, names no context or one that it does not hold, its client certificate has run out, or the program that it asks for a token is missing or fails. The message says which. `kubectl --kubeconfig FILE config view` shows it without its secrets. Novasphere uses the file of `--kubeconfig` or, on a node, the one that k3s writes; never `$KUBECONFIG` or `~/.kube/config` unasked.',
  'NODE-NOT-READY':
    'A node of the cluster is not Ready, and new pods do not start on it. The screen shows what its kubelet says and what that means; usual causes are a container runtime that hangs, a disk that is full or slow, and a network without default route. Mend that, then run again.',
  'CLUSTER-UNREACHABLE':
    'The API server does not answer. `apply` waits five minutes for it and says so; `plan` does not wait. Look at `systemctl status k3s` and the kubeconfig.',
  'CLUSTER-DENIED':
    'The API server does not know the user of the kubeconfig (401), or knows it and does not allow what the phases need (403). The rights that are missing are listed, each as verb and resource; nothing was changed. Components bring cluster roles and webhooks of their own, so that in the end only an administrator of the cluster can install them.',
  'CLUSTER-UNSUPPORTED':
    'What answers is no Kubernetes API server, or one of a version that the components of this release are not made for. Check the server in the kubeconfig; a cluster of another version has to be upgraded first, or another release of Novasphere to be taken.',
  'CLUSTER-CONFLICT':
    'Another program owns a field that Novasphere wants to set and would set it back. Remove the field from there, or leave that object to the other program.',
  'CLUSTER-REFUSED':
    'The API server did not accept an object; its own words are on the screen. Usual causes: a policy of the cluster, or an older definition left by hand.',
  'CLUSTER-IMMUTABLE':
    'A field that can only be set once has another value already. Where nothing is lost by it (a StorageClass, a Job, a Deployment whose pods restart) the object is made anew, and the plan says so; here something would be lost, or the object is not ours. The message says what.',
  'CLUSTER-WEBHOOK':
    'A component checks objects before they are stored, and it does not answer. Usually its pod is not ready; the message names the service. `kubectl get pods` in its namespace shows why.',
  'CLUSTER-SERVER-ERROR':
    'The API server failed inside. When it does so again, look at `journalctl -u k3s`; a full or slow disk is the usual cause.',
  'IMAGE-MISSING':
    'A pod needs an image that is not on the node, and an air-gapped node loads none. The message names the image; verify the bundle and import it again.',
  'IMAGE-DENIED':
    'A registry refused to give an image. Check `cluster.registries`: the address, the account, the certificate.',
  'POD-FAILING': 'A container ends again and again; its last lines are on the screen.',
  'NETWORK-BROKEN':
    'New pods get no network, usually because of a broken configuration in `/etc/cni/net.d`. A configuration that Novasphere wrote has been taken back; what else lies there is listed.',
  'DNS-DEAD':
    'Names do not resolve, in the cluster or on the host. Check `host.dns` in the profile and that its servers answer; in the cluster look at the pods of CoreDNS.',
  'STORAGE-FAILED':
    'A volume was made, written and read back, and what came back was not what was written, or it never came up. Do not put data on it; look at the disks and at the Longhorn page of the volume.',
  'STORAGE-CLASS-AMBIGUOUS':
    'More than one StorageClass calls itself the default, so where a volume ends up is chance. Take the mark off all but one; the message names them.',
  'COMPONENT-FAILED': 'A component says of itself that it failed; its own words are on the screen.',
  'GUEST-SILENT':
    'The sample VM runs and never printed a login prompt on its console. The last lines of the console are on the screen; without any, the firmware of the guest or its disk did not start.',
  'VERSION-SKEW':
    'A component is installed in a version from which its own project allows no step to the one of this release: back, over more than one minor version, onto a Kubernetes that it is not made for, or away from its partner. Nothing was touched. Where a way exists it is named, version by version; upgrade along it with the release that ships each.',
  'UPGRADE-NEEDED':
    '`apply` makes the installed release whole again and never changes a version; this release has others than the cluster. Run `novasphere upgrade`, which looks first whether the platform is fit for it and goes in an order of its own. The same helps after an upgrade that was cut: it goes on where it stopped.',
  'UPGRADE-UNFIT':
    'An upgrade would begin on a platform that is not well: a node is not Ready, a volume has lost replicas, a disk image is being imported or a machine is on its way to another node. Each is named with what mends it. Nothing was touched; mend it and run the same command again.',
  'DELETION-STUCK':
    'A reset deleted an object, and something that is none of the platform keeps it: a finalizer of another program, a pod that uses a volume, an API of somebody else that does not answer. What Novasphere knows to be abandoned it takes away by itself; this it leaves alone. The screen names the holder; end or repair it, then run the same command again.',
  'NODES-REMAIN':
    'A reset has emptied the cluster and would now stop it, and other machines still belong to it. A machine only ever resets itself: run `novasphere reset` on each of the others first, agents before servers, then here again.',
  'GATE-TIMEOUT':
    'A condition did not become true in time; the message says what was missing to the end. `novasphere explain` tells the chain; running again goes on waiting from there.',
  'STEP-UNSETTLED':
    'A step did its work, and its own look afterwards still finds a difference: something changes it back, or the step is wrong. The differences are on the screen.',
  'RUN-INTERRUPTED':
    'The run was stopped at a safe point, as asked. Run the same command again: it goes on from there.',
  'RUN-LOCKED':
    'Another run is at work on this machine. `novasphere status --follow` shows it. A lock that a dead process or a restart left behind is taken over by itself.',
  'POWER-LOST': 'The machine went down in the middle of a run. Run the same command again: every step can be repeated.',
  'STATE-UNWRITABLE':
    'The directory for journals and the lock cannot be written, and nothing is changed without a journal. Run as root, remount the file system, or set `NOVASPHERE_STATE`.',
  'JOURNAL-NEWER':
    'A journal on this machine was written by a newer Novasphere. An older one must not act on what it cannot read; use the newer one.',
  'JOURNAL-UNREADABLE':
    'A journal is damaged in its middle. A cut last line alone is no damage: it is left out. Move the file aside; no step depends on it.',
  'JOURNAL-SECRET':
    'A secret was about to be written into the journal. The line was refused and the run stopped. This is a mistake in Novasphere; please report it.',
  'RUN-UNKNOWN':
    'There is no journal of that name on this machine. `novasphere report` without a name tells the last run.',
  USAGE: 'The command line is not understood. `novasphere COMMAND --help` shows what it takes, with examples.',
  'MISHAP-UNKNOWN': 'A rehearsal was asked for a mishap that does not exist; the screen lists those that do.',
};
