{{ define "text" -}}
{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}inner: {{ $x }}
{{ if true }}{{ $x = 3 }}{{ end }}outer: {{ $x }}
{{ $i := 9 }}{{ range $i = until 3 }}{{ end }}assigned: {{ $i }}
{{ with .Values.nope }}a{{ else with .Values.count }}with: {{ . }}{{ else }}c{{ end }}
numbers: {{ .5 }} {{ 010 }} {{ 0o17 }} {{ 0x_1F }} {{ 1_000 }} {{ 'a' }} {{ 1i }} {{ 0b11 }}
index: {{ index .Values.list }} {{ index .Values.list 1 }} {{ index .Values "count" }} {{ len "é" }}
and: {{ and 1 0 2 }} {{ or 0 "" "x" }} {{ not nil }} {{ and .Values.nope .Values.nope.deep }}
method: {{ "v1" | .Capabilities.APIVersions.Has }} {{ .Files.Get "f.txt" | trim }} {{ "f.txt" | .Files.Get | trim }}
trim: [ {{- 1 -}} ] [ {{- /* gone */ -}} ]
break: {{ range until 5 }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ if eq . 3 }}{{ break }}{{ end }}{{ . }}{{ end }}
{{ end }}
