{{ define "text" -}}
count: {{ len (.Files.Glob "[") }}
star: {{ range $path, $_ := .Files.Glob "files/*" }}{{ $path }} {{ end }}
stars: {{ range $path, $_ := .Files.Glob "files/**" }}{{ $path }} {{ end }}
braces: {{ range $path, $_ := .Files.Glob "files/{a,b}.txt" }}{{ $path }} {{ end }}
config: {{ (.Files.Glob "none/*").AsConfig }}
secrets: {{ (.Files.Glob "files/a.txt").AsSecrets }}
lines: {{ .Files.Lines "files/a.txt" | toJson }}
missing: [{{ .Files.Get "nope" }}]
copy: {{ kindOf (deepCopy .).Files }}
{{ end }}
