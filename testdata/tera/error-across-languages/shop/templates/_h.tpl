{{ define "h" }}
{{ include "_p.tera" . }}{{ end }}