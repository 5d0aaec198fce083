{{ define "text" -}}
json: {{ toJson .Values.t }} {{ toJson .Values.separator }}
raw: {{ toRawJson .Values.t }}
pretty: {{ toPrettyJson (dict "a" "<") }}
quote: {{ quote .Values.t }} {{ squote .Values.t }}
{{ end }}
