#compdef @PROGRAM@
compdef _@PROGRAM@ @PROGRAM@

# zsh completion for @PROGRAM@
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
    if [[ -n "$BASH_COMP_DEBUG_FILE" ]]; then
        print -r -- "$*" >> "$BASH_COMP_DEBUG_FILE"
    fi
}

_@PROGRAM@() {
    local answer directive line name about
    local -a lines candidates arguments options

    # Only what stands before the cursor counts, without the quotes it is typed in.
    arguments=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
    # Expansion of the program's own word allows for aliases and paths with a tilde.
    answer=$(eval "${words[1]}" @REQUEST@ '"${(@)arguments}"' 2>/dev/null)
    __@PROGRAM@_debug "asked: ${arguments[*]}"
    __@PROGRAM@_debug "answered: $answer"

    lines=("${(@f)answer}")
    directive=${lines[-1]#:}
    if [[ $directive != <-> ]]; then
        directive=0
    fi
    if (( directive & 1 )); then
        return 1
    fi

    for line in "${(@)lines[1,-2]}"; do
        if [[ -z $line ]]; then
            continue
        fi
        if [[ $line == '_activeHelp_ '* ]]; then
            compadd -x "${line#_activeHelp_ }"
            continue
        fi
        name=${line%%$'\t'*}
        about=
        if [[ $line == *$'\t'* ]]; then
            about=${line#*$'\t'}
        fi
        # A colon separates names from descriptions for _describe.
        name=${name//:/\\:}
        candidates+=("$name${about:+:$about}")
    done

    # Candidates for the value of --flag=value are values alone.
    if [[ $PREFIX == -*=* ]]; then
        compset -P '*='
    fi
    if (( directive & 2 )); then
        options=(-S '')
    fi
    if (( ${#candidates} )) && _describe -V 'completions' candidates "${(@)options}"; then
        return 0
    fi
    if (( ! (directive & 4) )); then
        _files
    fi
}

# Run from a file in fpath the function is called at once; sourced it is not.
if [[ "${funcstack[1]}" == "_@PROGRAM@" ]]; then
    _@PROGRAM@
fi
