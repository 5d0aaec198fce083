{{ define "text" -}}
lookup: {{ lookup "v1" "Secret" "ns" "x" | toJson }} {{ (lookup "v1" "Pod" "" "").items | toJson }}
dns: [{{ getHostByName "example.com" }}]
{{ end }}
