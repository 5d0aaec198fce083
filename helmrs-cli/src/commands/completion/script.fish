# fish completion for @PROGRAM@
#
# Asks `@PROGRAM@ @REQUEST@` how the line could go on. The answer has one candidate a line, each with its description
# after a tab, and ends with a line `:N`, where N is a sum of:
#
#   1  an error happened: offer nothing
#   2  put no space after the only candidate
#   4  offer no files
#
# Lines that begin with `_activeHelp_ ` are advice to the user rather than candidates; fish has no place for them.

function __@PROGRAM@_debug
    # With BASH_COMP_DEBUG_FILE set to a file, what was asked and answered is written there.
    set -l file "$BASH_COMP_DEBUG_FILE"
    if test -n "$file"
        echo "$argv" >> $file
    end
end

function __@PROGRAM@_ask
    # The words before the one at the cursor, and what has been typed of that one.
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -l arguments $words[2..-1]
    __@PROGRAM@_debug "asked: $arguments / $current"
    eval $program @REQUEST@ (string escape -- $arguments) (string escape -- "$current") 2>/dev/null
end

function __@PROGRAM@_prepare
    # Fish calls this before it asks for candidates; the answer is kept for the functions below.
    set -g __@PROGRAM@_candidates
    set -g __@PROGRAM@_directive 0
    # Candidates for the value of --flag=value are values alone, but fish wants whole words.
    set -l flag (string match -r -- '^-[^=]*=' (commandline -ct))
    for line in (__@PROGRAM@_ask)
        if string match -qr '^:[0-9]+$' -- $line
            set -g __@PROGRAM@_directive (string sub -s 2 -- $line)
        else if string match -q -- '_activeHelp_ *' $line
            continue
        else if test -n "$line"
            set -ga __@PROGRAM@_candidates "$flag$line"
        end
    end
    __@PROGRAM@_debug "answered: $__@PROGRAM@_directive: $__@PROGRAM@_candidates"
    if test (math "$__@PROGRAM@_directive % 2") -eq 1
        set -g __@PROGRAM@_candidates
        return 1
    end
    # Without candidates of its own, and unless files are unwanted, the line goes on with a file.
    if test (count $__@PROGRAM@_candidates) -eq 0
        set -l files_unwanted (math "floor($__@PROGRAM@_directive / 4) % 2")
        test $files_unwanted -eq 1
        return $status
    end
    return 0
end

# Completions that fish brings for this program, if any, are replaced.
complete -c @PROGRAM@ -e
# Candidates keep their order: versions come newest first.
complete -c @PROGRAM@ -n '__@PROGRAM@_prepare' -k -f -a '$__@PROGRAM@_candidates'
