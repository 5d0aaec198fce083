{{ define "text" -}}
{{ range $key, $_ := .Values.map }}{{ printf "%q" $key }} {{ end }}
{{ end }}
