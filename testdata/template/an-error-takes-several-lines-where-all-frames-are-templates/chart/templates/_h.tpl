{{ define "one" }}
  {{- include "two" (dict "x" .) }}{{ end }}
{{ define "two" }}{{ .x.Values.a.b.c }}{{ end }}
