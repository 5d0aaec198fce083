# bash completion for @PROGRAM@
#
# Asks `@PROGRAM@ @REQUEST@` how the line could go on. The answer has one candidate a line, each with its description
# after a tab, and ends with a line `:N`, where N is a sum of:
#
#   1  an error happened: offer nothing
#   2  put no space after the only candidate
#   4  offer no files
#
# Lines that begin with `_activeHelp_ ` are advice to the user rather than candidates.

__@PROGRAM@_answer() {
    local words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    # Expansion of the program's own word allows for aliases and paths with a tilde.
    eval "${COMP_WORDS[0]}" @REQUEST@ '"${words[@]}"' 2>/dev/null
}

__@PROGRAM@_files() {
    local current=$1
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
}

__@PROGRAM@_describe() {
    # With several candidates left, the descriptions stand behind them in one column.
    local longest=0 entry name about line
    for entry in "${COMPREPLY[@]}"; do
        name=${entry%%$'\t'*}
        ((${#name} > longest)) && longest=${#name}
    done
    local -a described=()
    for entry in "${COMPREPLY[@]}"; do
        name=${entry%%$'\t'*}
        about=
        [[ $entry == *$'\t'* ]] && about=${entry#*$'\t'}
        if [[ -n $about ]]; then
            printf -v line '%-*s  (%s)' "$longest" "$name" "$about"
            described+=("${line:0:${COLUMNS:-80}}")
        else
            described+=("$name")
        fi
    done
    COMPREPLY=("${described[@]}")
}

__start_@PROGRAM@() {
    local current=${COMP_WORDS[COMP_CWORD]} answer directive entry
    COMPREPLY=()
    answer=$(__@PROGRAM@_answer)
    directive=${answer##*:}
    [[ $directive =~ ^[0-9]+$ ]] || directive=0
    answer=${answer%:*}
    ((directive & 1)) && return

    # Words are split at `=` and `:`: what was typed of the last part is what candidates must begin with.
    while IFS= read -r entry; do
        [[ -z $entry ]] && continue
        if [[ $entry == _activeHelp_\ * ]]; then
            ((COMP_TYPE == 63)) && printf '\n%s' "${entry#_activeHelp_ }" >&2
            continue
        fi
        [[ ${entry%%$'\t'*} == "$current"* ]] && COMPREPLY+=("$entry")
    done <<<"$answer"

    if ((${#COMPREPLY[@]} == 0)); then
        ((directive & 4)) || __@PROGRAM@_files "$current"
        return
    fi
    if ((${#COMPREPLY[@]} == 1)); then
        COMPREPLY=("${COMPREPLY[0]%%$'\t'*}")
        ((directive & 2)) && compopt -o nospace 2>/dev/null
        return
    fi
    if ((COMP_TYPE == 63)); then
        __@PROGRAM@_describe
    else
        COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
    fi
}

complete -o default -F __start_@PROGRAM@ @PROGRAM@
