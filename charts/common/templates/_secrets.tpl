{{/*
A password that stays the same over upgrades.
Takes a dictionary: context (the chart's scope), secret (its name), key, value (what the user gave), length.
*/}}
{{- define "common.password" -}}
{{- if .value -}}
{{- .value -}}
{{- else -}}
{{- $existing := lookup "v1" "Secret" .context.Release.Namespace .secret -}}
{{- $stored := index (default (dict) $existing.data) .key -}}
{{- if $stored -}}
{{- b64dec $stored -}}
{{- else -}}
{{- randAlphaNum (int (default 16 .length)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
