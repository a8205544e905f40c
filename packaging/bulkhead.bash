# Completion of bulkhead's commands and options for bash. What can be chosen is asked of the program itself, so this
# file knows no command by name.
_bulkhead() {
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD - 1]}" words=() word i
  for ((i = 1; i < COMP_CWORD; ++i)); do
    word="${COMP_WORDS[i]}"
    [[ "$word" == -* ]] && break
    words+=("$word")
  done
  case "$previous" in
    --data | --config | --export-client) mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    --admin-password-file | --password-file | --ca-out) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --level) mapfile -t COMPREPLY < <(compgen -W "INFO WARNING ERROR CRITICAL" -- "$current"); return ;;
  esac
  local help choices
  help="$("${COMP_WORDS[0]}" "${words[@]}" --help 2>/dev/null)" || return
  if [[ "$current" == -* ]]; then
    choices="$(grep -oE '(^|[ ,])--[a-z][a-z-]*' <<<"$help" | grep -oE -- '--[a-z-]+')"
  else
    choices="$(sed -n '/^Subcommands:/,$s/^  \([a-z][a-z-]*\) .*/\1/p' <<<"$help")"
  fi
  mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$current")
}
complete -o default -F _bulkhead bulkhead
