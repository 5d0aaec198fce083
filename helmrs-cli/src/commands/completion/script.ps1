# powershell completion for @PROGRAM@
#
# Asks `@PROGRAM@ @REQUEST@` how the line could go on. The answer has one candidate a line, each with its description
# after a tab, and ends with a line `:N`, where N is a sum of:
#
#   1  an error happened: offer nothing
#   2  put no space after the only candidate
#   4  offer no files
#
# Lines that begin with `_activeHelp_ ` are advice to the user rather than candidates.

function __@PROGRAM@_debug {
    # With BASH_COMP_DEBUG_FILE set to a file, what was asked and answered is written there.
    if ($env:BASH_COMP_DEBUG_FILE) {
        "$args" | Out-File -Append -FilePath "$env:BASH_COMP_DEBUG_FILE"
    }
}

[scriptblock]${__@PROGRAM@_completer} = {
    param($WordToComplete, $CommandAst, $CursorPosition)

    # The line up to the cursor; what stands behind it does not count.
    $Line = "$CommandAst"
    if ($Line.Length -gt $CursorPosition) {
        $Line = $Line.Substring(0, $CursorPosition)
    }
    $Words = @($CommandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $CursorPosition } | ForEach-Object { "$_" })
    $Program = $Words[0]
    $Arguments = @($Words | Select-Object -Skip 1)
    if ($WordToComplete -eq '' -and ($Arguments.Count -eq 0 -or $Arguments[-1] -ne '')) {
        # A new word begins; versions before 7.2 drop an empty argument unless it is quoted.
        if ($PSVersionTable.PSVersion -lt [version]'7.2.0') { $Arguments += '""' } else { $Arguments += '' }
    }
    __@PROGRAM@_debug "asked: $Arguments"

    $Answer = @(& $Program '@REQUEST@' @Arguments 2>$null)
    __@PROGRAM@_debug "answered: $Answer"
    if ($Answer.Count -eq 0) { return }
    $Directive = 0
    [void][int]::TryParse($Answer[-1].TrimStart(':'), [ref]$Directive)
    if ($Directive -band 1) { return }
    $Space = if ($Directive -band 2) { '' } else { ' ' }

    $Candidates = @($Answer | Select-Object -SkipLast 1 | Where-Object { $_ -and -not $_.StartsWith('_activeHelp_ ') })
    if ($Candidates.Count -eq 0) {
        # An empty string keeps PowerShell from offering files.
        if ($Directive -band 4) { '' }
        return
    }
    foreach ($Candidate in $Candidates) {
        $Name, $About = $Candidate.Split("`t", 2)
        if (-not $Name.StartsWith($WordToComplete)) { continue }
        if (-not $About) { $About = $Name }
        [System.Management.Automation.CompletionResult]::new("$Name$Space", $Name, 'ParameterValue', $About)
    }
}

Register-ArgumentCompleter -CommandName '@PROGRAM@' -ScriptBlock ${__@PROGRAM@_completer}
