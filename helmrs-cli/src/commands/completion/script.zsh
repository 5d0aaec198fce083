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
    local file="$BASH_COMP_DEBUG_FILE"
    if [[ -n $file ]]; then
        print -r -- "$*" >> "$file"
    fi
}

_@PROGRAM@() {
    local answer directive line name about
    local -a lines candidates arguments

    # Only the words up to the cursor count; a line that ends in a space begins a new word.
    words=("${=words[1,CURRENT]}")
    arguments=("${words[2,-1]}")
    if [[ ${words[-1][-1]} == ' ' || -z ${words[CURRENT]} ]]; then
        arguments=("${words[2,CURRENT]}" "")
    fi
    __@PROGRAM@_debug "asked: ${arguments[*]}"

    answer=$("${words[1]}" @REQUEST@ "${(@)arguments}" 2>/dev/null)
    __@PROGRAM@_debug "answered: $answer"
    lines=("${(@f)answer}")
    directive=${lines[-1]#:}
    lines=("${(@)lines[1,-2]}")
    if [[ $directive != <-> ]]; then
        directive=0
    fi
    if (( directive & 1 )); then
        return
    fi

    for line in "${(@)lines}"; do
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

    local -a options
    if (( directive & 2 )); then
        options=(-S '')
    fi
    if (( ${#candidates} )) && _describe -V 'completions' candidates "${(@)options}"; then
        return 0
    fi
    if (( ! (directive & 4) )); then
        _arguments '*:filename:_files'
    fi
}

# Run from a file in fpath the function is called at once; sourced it is not.
if [ "$funcstack[1]" = "_@PROGRAM@" ]; then
    _@PROGRAM@
fi
