{{ define "text" -}}
print: {{ 1e6 }} {{ 1234567.0 }} {{ 0.1 }} {{ 1e21 }} {{ 100000.0 }}
yaml: {{ toYaml 1e6 }} {{ toYaml 1e21 }} {{ toYaml 1.5e-7 }}
json: {{ toJson 1e6 }} {{ toJson 1e21 }} {{ toJson 1.5e-7 }}
toml: {{ toToml (dict "x" 1e6 "y" 0.5 "z" 3.0 "i" 3) }}
file: {{ .Values.number }} {{ .Values.number | toYaml }} {{ .Values.number | int }} {{ .Values.number | quote }}
{{ end }}
