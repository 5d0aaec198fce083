{{- define "shop.labels" -}}
app: {{ .Chart.Name }}
kind: {{ kindOf .Values.port }}
part: {{ include "_part.tera" . | trim }}
{{- end }}
{{- define "shop.pair" -}}
{{ .key }}={{ .value }} {{ .files.Get "notes.md" }}
{{- end }}
{{- define "shop.mark" }}{{ $_ := set .Values "marked" "by go" }}{{ end }}
