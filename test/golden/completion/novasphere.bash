# bash completion for novasphere; made by: novasphere completion bash
_novasphere() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]:-}
  local options="" words="" files=""
  if [ "$COMP_CWORD" -eq 1 ]; then mapfile -t COMPREPLY < <(compgen -W "init validate schema inventory match plan rehearse apply upgrade reset verify status explain report bundle completion --help --version" -- "$current"); return; fi
  case $command in
    bundle) if [ "$COMP_CWORD" -eq 2 ]; then mapfile -t COMPREPLY < <(compgen -W "resolve fetch verify prove sign keys list --help" -- "$current"); return; fi; command="$command ${COMP_WORDS[2]}" ;;
  esac
  case $previous in
    --output) mapfile -t COMPREPLY < <(compgen -W "text json" -- "$current"); return ;;
    --only) mapfile -t COMPREPLY < <(compgen -W "preflight host k3s longhorn multus nmstate kubevirt cdi cert-manager operator verify" -- "$current"); return ;;
    --from) mapfile -t COMPREPLY < <(compgen -W "preflight host k3s longhorn multus nmstate kubevirt cdi cert-manager operator verify" -- "$current"); return ;;
    --architecture) mapfile -t COMPREPLY < <(compgen -W "amd64 arm64" -- "$current"); return ;;
    --inventory|-o|--out|--bundle|--kubeconfig|--html|--base|--apt-keyring|--store|--lock|--key|--password-file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
  esac
  case $command in
    "init") options="--inventory --out --name --force --output --no-color --verbose --help"; words=""; files= ;;
    "validate") options="--output --no-color --verbose --help"; words=""; files=yes ;;
    "schema") options="--output --no-color --verbose --help"; words=""; files= ;;
    "inventory") options="--out --output --no-color --verbose --help"; words=""; files= ;;
    "match") options="--inventory --node --output --no-color --verbose --help"; words=""; files=yes ;;
    "plan") options="--bundle --inventory --kubeconfig --prune --output --no-color --verbose --help"; words=""; files=yes ;;
    "rehearse") options="--mishap --resume --bundle --inventory --seed --serve --html --output --no-color --verbose --help"; words=""; files=yes ;;
    "apply") options="--only --from --yes --prune --bundle --kubeconfig --concurrency --output --no-color --verbose --help"; words=""; files=yes ;;
    "upgrade") options="--bundle --yes --prune --kubeconfig --without-snapshot --output --no-color --verbose --help"; words=""; files=yes ;;
    "reset") options="--keep-data --with-vm --with-volume --with-all-volumes --yes-remove --host-only --kubeconfig --output --no-color --verbose --help"; words=""; files=yes ;;
    "verify") options="--bundle --kubeconfig --output --no-color --verbose --help"; words=""; files=yes ;;
    "status") options="--follow --output --no-color --verbose --help"; words=""; files= ;;
    "explain") options="--run --kubeconfig --output --no-color --verbose --help"; words=""; files= ;;
    "report") options="--html --output --no-color --verbose --help"; words=""; files= ;;
    "bundle resolve") options="--check --renew --base --apt-source --apt-keyring --mirror --store --lock --at-once --output --no-color --verbose --help"; words=""; files= ;;
    "bundle fetch") options="--architecture --series --without-packages --mirror --store --lock --at-once --output --no-color --verbose --help"; words=""; files=yes ;;
    "bundle verify") options="--key --allow-unsigned --lock --output --no-color --verbose --help"; words=""; files=yes ;;
    "bundle prove") options="--output --no-color --verbose --help"; words=""; files=yes ;;
    "bundle sign") options="--key --password-file --comment --output --no-color --verbose --help"; words=""; files=yes ;;
    "bundle keys") options="--password-file --without-password --output --no-color --verbose --help"; words=""; files=yes ;;
    "bundle list") options="--output --no-color --verbose --help"; words=""; files=yes ;;
    "completion") options="--output --no-color --verbose --help"; words="bash zsh fish"; files= ;;
  esac
  if [[ $current == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current"); return; fi
  if [ -n "$files" ]; then compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return; fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _novasphere novasphere
