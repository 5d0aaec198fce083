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

__@PROGRAM@_debug() {
    # With BASH_COMP_DEBUG_FILE set to a file, what was asked and answered is written there.
    [[ -n ${BASH_COMP_DEBUG_FILE-} ]] && printf '%s\n' "$*" >>"$BASH_COMP_DEBUG_FILE"
}

# Puts the words up to the cursor into `words`. Bash also breaks words at `=` and `:`, which is undone: what stands right
# behind a word belongs to it.
__@PROGRAM@_words() {
    local line=${COMP_LINE:0:COMP_POINT} index word rest
    words=()
    for ((index = 0; index <= COMP_CWORD; index++)); do
        rest=${line#"${line%%[![:space:]]*}"}
        word=${COMP_WORDS[index]}
        ((index == COMP_CWORD)) && word=$rest
        if ((index > 0)) && [[ $rest == "$line" ]]; then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
        line=${rest#"$word"}
    done
}

__@PROGRAM@_answer() {
    # Expansion of the program's own word allows for aliases and paths with a tilde.
    eval "${words[0]}" @REQUEST@ '"${words[@]:1}"' 2>/dev/null
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
    local -a words
    local typed flag= broken= answer directive entry
    COMPREPLY=()
    __@PROGRAM@_words
    answer=$(__@PROGRAM@_answer)
    __@PROGRAM@_debug "asked: ${words[*]:1}" "answered: $answer"
    directive=${answer##*:}
    [[ $directive =~ ^[0-9]+$ ]] || directive=0
    answer=${answer%:*}
    ((directive & 1)) && return

    # Candidates for the value of --flag=value are values alone.
    typed=${words[${#words[@]} - 1]}
    if [[ $typed == -*=* ]]; then
        flag=${typed%%=*}=
        typed=${typed#*=}
    fi
    # Where bash breaks words, it wants candidates without what stands before the break.
    [[ $COMP_WORDBREAKS == *=* ]] && flag=
    [[ $COMP_WORDBREAKS == *:* && $typed == *:* ]] && broken=${typed%"${typed##*:}"}

    while IFS= read -r entry; do
        [[ -z $entry ]] && continue
        if [[ $entry == _activeHelp_\ * ]]; then
            ((COMP_TYPE == 63)) && printf '\n%s' "${entry#_activeHelp_ }" >&2
            continue
        fi
        [[ ${entry%%$'\t'*} == "$typed"* ]] && COMPREPLY+=("$flag${entry#"$broken"}")
    done <<<"$answer"

    if ((${#COMPREPLY[@]} == 0)); then
        ((directive & 4)) || compopt -o default 2>/dev/null
        return
    fi
    # Older versions of bash sort whatever is said.
    compopt -o nosort 2>/dev/null
    if ((${#COMPREPLY[@]} == 1)); then
        printf -v entry '%q' "${COMPREPLY[0]%%$'\t'*}"
        COMPREPLY=("$entry")
        ((directive & 2)) && compopt -o nospace 2>/dev/null
        return
    fi
    if ((COMP_TYPE == 63)); then
        __@PROGRAM@_describe
    else
        COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
    fi
}

complete -F __start_@PROGRAM@ @PROGRAM@
