{{/* The Secret that holds the passwords. */}}
{{- define "mysql.secretName" -}}
{{- default (include "common.fullname" .) (tpl (default "" .Values.auth.existingSecret) .) -}}
{{- end -}}

{{- define "mysql.replicated" -}}
{{- if eq .Values.architecture "replication" -}}true{{- end -}}
{{- end -}}

{{/* The name that clients write to. */}}
{{- define "mysql.primary" -}}
{{- if include "mysql.replicated" . -}}
{{- printf "%s-primary" (include "common.fullname" .) | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- include "common.fullname" . -}}
{{- end -}}
{{- end -}}

{{- define "mysql.secondary" -}}
{{- printf "%s-secondary" (include "common.fullname" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "mysql.image" -}}
{{- include "common.image" (dict "image" .Values.image "global" .Values.global "default" .Chart.AppVersion) -}}
{{- end -}}

{{/* Refuses values that cannot work together, before anything is installed. */}}
{{- define "mysql.validate" -}}
{{- if not (has .Values.architecture (list "standalone" "replication")) -}}
{{- fail (printf "architecture must be standalone or replication, not %s" (quote .Values.architecture)) -}}
{{- end -}}
{{- if and .Values.auth.username (eq .Values.auth.username "root") -}}
{{- fail "auth.username must not be root; set auth.rootPassword instead" -}}
{{- end -}}
{{- end -}}

{{/* A probe's command, with its settings but for enabled. */}}
{{- define "mysql.probe" -}}
{{- toYaml (omit .probe "enabled") }}
exec:
  command:
    - sh
    - -ec
    - mysqladmin ping --host=127.0.0.1 --user=root --password="$MYSQL_ROOT_PASSWORD" {{ .extra }}
{{- end -}}

{{/* The storage class of a claim: the cluster's own, a named one, or none at all. */}}
{{- define "mysql.storageClass" -}}
{{- if eq "-" . -}}
storageClassName: ""
{{- else if . -}}
storageClassName: {{ . }}
{{- end -}}
{{- end -}}

{{/* What both ends of replication read from the environment. */}}
{{- define "mysql.replicationEnvironment" -}}
- name: MYSQL_REPLICATION_USER
  value: {{ .Values.auth.replicationUser | quote }}
- name: MYSQL_REPLICATION_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "mysql.secretName" . }}
      key: mysql-replication-password
{{- end -}}
