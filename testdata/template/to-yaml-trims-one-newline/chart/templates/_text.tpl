{{ define "text" -}}
[{{ toYaml "a\n" }}] [{{ toYaml "a\n\n" }}] [{{ toYaml " a\n\nb\n\n" }}] [{{ toYaml (dict "x" " a\nb\n\n") }}] [{{ toYaml "" }}] [{{ toYaml nil }}] [{{ toYaml list }}] [{{ toYaml dict }}]
{{ end }}
