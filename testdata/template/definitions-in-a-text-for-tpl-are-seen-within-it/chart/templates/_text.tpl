{{ define "text" -}}
{{ tpl "{{ define \"in\" }}I {{ .Release.Name }}{{ end }}{{ include \"in\" . }}" . }} {{ tpl "{{ include \"out\" . }}" . }} {{ tpl .Values.t (dict "Values" .Values "Template" .Template) }}
{{ end }}
