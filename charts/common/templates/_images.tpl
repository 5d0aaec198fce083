{{/*
Where to pull an image from.
Takes a dictionary: image (registry, repository, tag, digest), global (imageRegistry), default (the tag to fall back to).
*/}}
{{- define "common.image" -}}
{{- $registry := .image.registry -}}
{{- with .global -}}
{{- with .imageRegistry -}}
{{- $registry = . -}}
{{- end -}}
{{- end -}}
{{- $name := .image.repository -}}
{{- if $registry -}}
{{- $name = printf "%s/%s" $registry .image.repository -}}
{{- end -}}
{{- if .image.digest -}}
{{- printf "%s@%s" $name .image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (toString (default .default .image.tag)) -}}
{{- end -}}
{{- end -}}

{{/* Pull secrets of the chart and of global, each once, as the field of a pod. */}}
{{- define "common.imagePullSecrets" -}}
{{- $names := list -}}
{{- range concat (default (list) (.Values.global).imagePullSecrets) (default (list) .Values.imagePullSecrets) -}}
{{- if kindIs "map" . -}}
{{- $names = append $names .name -}}
{{- else -}}
{{- $names = append $names . -}}
{{- end -}}
{{- end -}}
{{- with uniq $names -}}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end -}}
{{- end -}}
