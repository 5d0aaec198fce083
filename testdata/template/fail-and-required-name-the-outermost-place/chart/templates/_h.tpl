{{ define "x" }}

{{ fail "stopped in x" }}{{ end }}{{ define "y" }}{{ tpl "{{ required \"set it\" .Values.nope }}" . }}{{ end }}