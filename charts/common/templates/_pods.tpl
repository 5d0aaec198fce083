{{/* Where and how a pod runs: fields of a pod's spec, left out where they are not set. */}}
{{- define "common.podSettings" -}}
{{- $fields := dict -}}
{{- range $name := list "nodeSelector" "tolerations" "affinity" "topologySpreadConstraints" "priorityClassName" -}}
{{- with index $.Values $name -}}
{{- $_ := set $fields $name . -}}
{{- end -}}
{{- end -}}
{{- with .Values.podSecurityContext -}}
{{- $_ := set $fields "securityContext" . -}}
{{- end -}}
{{- if $fields -}}
{{ toYaml $fields }}
{{- end -}}
{{- end -}}
