# powershell completion for @PROGRAM@
#
# Asks `@PROGRAM@ @REQUEST@` how the line could go on. The answer has one candidate a line, each with its description
# after a tab, and ends with a line `:N`, where N is a sum of:
#
#   1  an error happened: offer nothing
#   2  put no space after the only candidate
#   4  offer no files
#
# Lines that begin with `_activeHelp_ ` are advice to the user rather than candidates; PowerShell has no place for them.

function __@PROGRAM@_debug {
    # With BASH_COMP_DEBUG_FILE set to a file, what was asked and answered is written there.
    if ($env:BASH_COMP_DEBUG_FILE) {
        "$args" | Out-File -Append -FilePath "$env:BASH_COMP_DEBUG_FILE"
    }
}

function __@PROGRAM@_drops_empty_arguments {
    # Programs were handed no empty arguments before 7.3, unless 7.2 was asked to, and are still not if that is wished.
    if ($PSVersionTable.PSVersion -ge [version]'7.3.0') {
        return $PSNativeCommandArgumentPassing -eq 'Legacy'
    }
    if ($PSVersionTable.PSVersion -ge [version]'7.2.0') {
        return -not [ExperimentalFeature]::IsEnabled('PSNativeCommandArgumentPassing')
    }
    return $true
}

[scriptblock]${__@PROGRAM@_completer} = {
    param($WordToComplete, $CommandAst, $CursorPosition)

    # The words up to the cursor, without the quotes they are typed in; what stands behind it does not count.
    $Words = @(foreach ($Element in $CommandAst.CommandElements) {
        $Start = $Element.Extent.StartOffset
        if ($Start -ge $CursorPosition) { break }
        if ($Element.Extent.EndOffset -gt $CursorPosition) {
            $Element.Extent.Text.Substring(0, $CursorPosition - $Start)
        } elseif ($Element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
            $Element.Value
        } else {
            $Element.Extent.Text
        }
    })
    $Program = $Words[0]
    $Arguments = @($Words | Select-Object -Skip 1)
    if ($WordToComplete -eq '') {
        # A new word begins.
        if (__@PROGRAM@_drops_empty_arguments) { $Arguments += '""' } else { $Arguments += '' }
        $Typed = ''
    } elseif ($Arguments.Count -gt 0) {
        $Typed = $Arguments[-1]
    } else {
        return
    }
    __@PROGRAM@_debug "asked: $Arguments"

    # Candidates for the value of --flag=value are values alone, but PowerShell wants whole words.
    $Flag = ''
    if ($Typed -like '-*=*') {
        $Flag, $Typed = $Typed.Split('=', 2)
        $Flag = "$Flag="
    }

    $Answer = @(& $Program '@REQUEST@' @Arguments 2>$null)
    __@PROGRAM@_debug "answered: $Answer"
    if ($Answer.Count -eq 0) { return }
    $Directive = 0
    [void][int]::TryParse("$($Answer[-1])".TrimStart(':'), [ref]$Directive)
    if ($Directive -band 1) { return }
    $Space = if ($Directive -band 2) { '' } else { ' ' }

    $Candidates = @($Answer | Select-Object -SkipLast 1 | Where-Object {
        $_ -and -not $_.StartsWith('_activeHelp_ ') -and $_.StartsWith($Typed)
    })
    if ($Candidates.Count -eq 0) {
        # An empty string keeps PowerShell from offering files.
        if ($Directive -band 4) { '' }
        return
    }
    foreach ($Candidate in $Candidates) {
        $Name, $About = $Candidate.Split("`t", 2)
        if (-not $About) { $About = $Name }
        # Characters that mean something to PowerShell are to be taken as they are.
        $Text = $Name -replace '[\s#@$;,''{}()"`|<>&]', '`$&'
        [System.Management.Automation.CompletionResult]::new("$Flag$Text$Space", $Name, 'ParameterValue', $About)
    }
}

Register-ArgumentCompleter -Native -CommandName '@PROGRAM@' -ScriptBlock ${__@PROGRAM@_completer}
