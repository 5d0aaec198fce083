{{ define "text" -}}
{{ toToml .Values }}
{{ end }}
