# Completion of bulkhead's commands and options for fish. What can be chosen is asked of the program itself, so this
# file knows no command by name.
function __bulkhead_help
    set -l words (commandline -opc)
    set -l called $words[1]
    for word in $words[2..-1]
        string match -q -- '-*' $word; and break
        set -a called $word
    end
    $called --help 2>/dev/null
end
function __bulkhead_subcommands
    __bulkhead_help | sed -n '/^Subcommands:/,$s/^  \([a-z][a-z-]*\)  *\(.*\)/\1\t\2/p'
end
function __bulkhead_options
    string match -q -- '-*' (commandline -ct); or return
    __bulkhead_help | sed -n 's/^  \(-[a-z],\)\{0,1\}\(--[a-z-]*\)[^ ]*\( [A-Z:]*\)\{0,1\}  *\(.*\)/\2\t\4/p'
end
function __bulkhead_takes
    __bulkhead_help | string match -q -- "*--$argv[1] *"
end
complete -c bulkhead -f -a '(__bulkhead_subcommands)'
complete -c bulkhead -f -a '(__bulkhead_options)'
for option in data config export-client
    complete -c bulkhead -n "__bulkhead_takes $option" -l $option -x -a '(__fish_complete_directories)'
end
for option in admin-password-file password-file ca-out
    complete -c bulkhead -n "__bulkhead_takes $option" -l $option -r -F
end
complete -c bulkhead -n '__bulkhead_takes level' -l level -x -a 'INFO WARNING ERROR CRITICAL'
