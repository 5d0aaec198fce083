{{ define "text" -}}
{{ range .Values.list }}{{ toJson . }} {{ typeOf . }}
{{ end }}{{ end }}
