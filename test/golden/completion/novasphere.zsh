#compdef novasphere
# zsh completion for novasphere; made by: novasphere completion zsh
_novasphere() {
  local -a commands
  commands=(
    'init:Write a commented profile to start from'
    'validate:Show every mistake in profiles, with its line and what would be right'
    'schema:Print the JSON Schema of the profile, for editors'
    'inventory:Show what this machine is: CPU, memory, disks, network interfaces'
    'match:Show which disk and which network interface each selector picks, and why not the others'
    'plan:List every change that apply would make, and change nothing'
    'rehearse:Play the whole installation on a simulated host and cluster, with mishaps on demand'
    'apply:Make it so; safe to repeat, resumes after anything'
    'upgrade:Bring an installed platform to the versions of this release, in the right order'
    'reset:Take the platform off again, in the right order; what would be lost has to be named'
    'verify:Boot the sample VM again and write the certificate'
    'status:Show where the current or last run is, what it waits for, and since when'
    'explain:Show the root cause of what is not healthy, as a chain with evidence and remedies'
    'report:Tell a run: timeline, changes, gates, versions, certificate'
    'completion:Print shell completion'
    'bundle:Make, check, prove and sign the air-gap bundle'
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words; (( CURRENT-- ))
  case $command in
    bundle) if (( CURRENT == 2 )); then compadd resolve fetch verify prove sign keys list; return; fi; command="$command $words[2]"; shift words; (( CURRENT-- )) ;;
  esac
  case $command in
      "init") _arguments \
        '--inventory[facts of the machine, from “novasphere inventory”]:FILE:_files' \
        '--out[where to write it; default  NAME.yaml, - for stdout]:FILE:_files' \
        '--name[name of the site]:NAME: ' \
        '--force[replace a file that is already there]' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' ;;
      "validate") _arguments \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '*:PROFILE:_files' ;;
      "schema") _arguments \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' ;;
      "inventory") _arguments \
        '--out[write it as JSON, for match, plan and rehearse]:FILE:_files' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' ;;
      "match") _arguments \
        '--inventory[facts of the machine, from “novasphere inventory”; default  this machine]:FILE:_files' \
        '--node[which node of the profile the machine is, when it does not know]:NAME: ' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:PROFILE:_files' ;;
      "plan") _arguments \
        '--bundle[the air-gap bundle to install from]:DIR:_files -/' \
        '--inventory[facts of the machine, from “novasphere inventory”]:FILE:_files' \
        '--kubeconfig[how to reach the cluster; default  the one that k3s writes on its nodes, never $KUBECONFIG or ~/.kube/config]:FILE:_files' \
        '*--prune[remove what earlier releases left over  of a component, or one object such as "Namespace old"]:WHAT: ' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:PROFILE:_files' ;;
      "rehearse") _arguments \
        '*--mishap[something that goes wrong, at that phase or step; may be repeated]:NAME@STEP: ' \
        '--resume[after a mishap go on as the next run would]' \
        '--bundle[the air-gap bundle to rehearse; without it what one would hold]:DIR:_files -/' \
        '--inventory[facts of the machine, from “novasphere inventory”]:FILE:_files' \
        '--seed[the same number plays the same rehearsal]:N: ' \
        '--serve[let kubectl look into the rehearsed cluster afterwards]::PORT: ' \
        '--html[write the report as one page]:FILE:_files' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:PROFILE:_files' ;;
      "apply") _arguments \
        '*--only[this phase and no other; may be repeated]:PHASE:(preflight host k3s longhorn multus nmstate kubevirt cdi cert-manager operator verify)' \
        '--from[this phase and all after it]:PHASE:(preflight host k3s longhorn multus nmstate kubevirt cdi cert-manager operator verify)' \
        '--yes[agree to the changes without being asked]' \
        '*--prune[remove what earlier releases left over  of a component, or one object such as "Namespace old"]:WHAT: ' \
        '--bundle[the air-gap bundle to install from]:DIR:_files -/' \
        '--kubeconfig[how to reach the cluster; default  the one that k3s writes on its nodes, never $KUBECONFIG or ~/.kube/config]:FILE:_files' \
        '--concurrency[how many phases may be under way at once]:N: ' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:PROFILE:_files' ;;
      "upgrade") _arguments \
        '--bundle[the air-gap bundle of this release]:DIR:_files -/' \
        '--yes[agree to the changes without being asked]' \
        '*--prune[remove what earlier releases left over  of a component, or one object such as "Namespace old"]:WHAT: ' \
        '--kubeconfig[how to reach the cluster; default  the one that k3s writes on its nodes, never $KUBECONFIG or ~/.kube/config]:FILE:_files' \
        '--without-snapshot[agree to go without a snapshot of etcd where none can be taken]' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:PROFILE:_files' ;;
      "reset") _arguments \
        '--keep-data[leave the data of every volume on the disks]' \
        '*--with-vm[this virtual machine goes; may be repeated]:NAMESPACE/NAME: ' \
        '*--with-volume[this volume is lost; may be repeated]:NAMESPACE/CLAIM: ' \
        '--with-all-volumes[every volume is lost, all N of them]:N: ' \
        '--yes-remove[the name of the site, instead of typing it when asked]:SITE: ' \
        '--host-only[take off this machine alone, when its cluster is lost]' \
        '--kubeconfig[a cluster elsewhere; then no machine is touched]:FILE:_files' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:PROFILE:_files' ;;
      "verify") _arguments \
        '--bundle[the air-gap bundle to install from]:DIR:_files -/' \
        '--kubeconfig[how to reach the cluster; default  the one that k3s writes on its nodes, never $KUBECONFIG or ~/.kube/config]:FILE:_files' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:PROFILE:_files' ;;
      "status") _arguments \
        '--follow[go on until the run ends]' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' ;;
      "explain") _arguments \
        '--run[the run to explain; default  the last one]:RUN: ' \
        '--kubeconfig[a cluster to explain instead, with these components; no run is needed]:FILE:_files' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:STEP: ' ;;
      "report") _arguments \
        '--html[write it as one page that needs no network]:FILE:_files' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:RUN: ' ;;
      "bundle resolve") _arguments \
        '--check[look up everything again, write nothing, and end with 1 when anything has changed]' \
        '*--renew[look this file or image up again, and take what it is now]:NAME: ' \
        '*--base[an Ubuntu Server ISO, or where one is mounted  also look up the packages that it lacks; may be repeated]:MEDIUM:_files' \
        '--apt-source[where apt finds packages  "ADDRESS SUITE,SUITE COMPONENT,COMPONENT"; default  Ubuntu’s archive]:LINE: ' \
        '--apt-keyring[the keys that sign them]:FILE:_files' \
        '*--mirror[take what begins with FROM (an address, or a registry such as docker.io) from TO; may be repeated]:FROM=TO: ' \
        '--store[where downloads are kept; default  $XDG_CACHE_HOME/novasphere/store]:DIR:_files -/' \
        '--lock[another lock file than manifests/catalog.lock.yaml of this release]:FILE:_files' \
        '--at-once[how many downloads are under way at once]:N: ' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' ;;
      "bundle fetch") _arguments \
        '--architecture[of the machines; default  that of this one]:NAME:(amd64 arm64)' \
        '--series[the Ubuntu release that the packages are for, by its codename; default  noble]:NAME: ' \
        '--without-packages[bring no Debian packages  the nodes have them already]' \
        '*--mirror[take what begins with FROM (an address, or a registry such as docker.io) from TO; may be repeated]:FROM=TO: ' \
        '--store[where downloads are kept; default  $XDG_CACHE_HOME/novasphere/store]:DIR:_files -/' \
        '--lock[another lock file than manifests/catalog.lock.yaml of this release]:FILE:_files' \
        '--at-once[how many downloads are under way at once]:N: ' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:DIR:_files -/' ;;
      "bundle verify") _arguments \
        '*--key[a public key that is trusted, or a file that holds one; may be repeated. Also  /etc/novasphere/keys/*.pub]:KEY:_files' \
        '--allow-unsigned[be content with a bundle that nobody who is trusted has signed]' \
        '--lock[another lock file than manifests/catalog.lock.yaml of this release]:FILE:_files' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:DIR:_files -/' ;;
      "bundle prove") _arguments \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:DIR:_files -/' ;;
      "bundle sign") _arguments \
        '--key[the secret key, as “bundle keys” or “minisign -G” makes it]:FILE:_files' \
        '--password-file[holds its password; - for stdin; default  it is asked for]:FILE:_files' \
        '--comment[a comment that is signed as well; default  what the bundle is made for]:TEXT: ' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:DIR:_files -/' ;;
      "bundle keys") _arguments \
        '--password-file[the password to encrypt it with; - for stdin; default  it is asked for]:FILE:_files' \
        '--without-password[leave the secret key unencrypted, for a machine that signs by itself]' \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:NAME:_files' ;;
      "bundle list") _arguments \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:DIR:_files -/' ;;
      "completion") _arguments \
        '--output[text for people, or json on stdout and text on stderr]:FORMAT:(text json)' \
        '--no-color[no colours, as with NO_COLOR in the environment]' \
        '--verbose[tell more]' \
        '1:SHELL:(bash zsh fish)' ;;
  esac
}
compdef _novasphere novasphere
