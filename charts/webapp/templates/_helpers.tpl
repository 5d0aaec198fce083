{{/* The database's host, whether it is installed with the application or not. */}}
{{- define "webapp.databaseHost" -}}
{{- if .Values.mysql.enabled -}}
{{- include "mysql.primary" (dict "Values" .Values.mysql "Chart" (dict "Name" "mysql") "Release" .Release "Template" .Template) -}}
{{- else -}}
{{- required "externalDatabase.host is needed when mysql.enabled is false" .Values.externalDatabase.host -}}
{{- end -}}
{{- end -}}

{{- define "webapp.databaseSecret" -}}
{{- if .Values.mysql.enabled -}}
{{- include "mysql.secretName" (dict "Values" .Values.mysql "Chart" (dict "Name" "mysql") "Release" .Release "Template" .Template) -}}
{{- else -}}
{{- required "externalDatabase.existingSecret is needed when mysql.enabled is false" .Values.externalDatabase.existingSecret -}}
{{- end -}}
{{- end -}}

{{/* What the application and its migrations both read from the environment. */}}
{{- define "webapp.environment" -}}
{{- $database := .Values.externalDatabase -}}
{{- if .Values.mysql.enabled -}}
{{- $database = dict "port" .Values.mysql.service.port "name" .Values.mysql.auth.database "user" .Values.mysql.auth.username -}}
{{- end -}}
- name: DATABASE_HOST
  value: {{ include "webapp.databaseHost" . }}
- name: DATABASE_PORT
  value: {{ $database.port | toString | quote }}
- name: DATABASE_NAME
  value: {{ $database.name | quote }}
- name: DATABASE_USER
  value: {{ $database.user | quote }}
- name: DATABASE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "webapp.databaseSecret" . }}
      key: mysql-password
{{- range $name, $value := .Values.environment }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "webapp.image" -}}
{{- include "common.image" (dict "image" .Values.image "global" .Values.global "default" .Chart.AppVersion) -}}
{{- end -}}
