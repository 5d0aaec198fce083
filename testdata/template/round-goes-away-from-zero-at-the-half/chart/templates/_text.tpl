{{ define "text" -}}
{{ round -2.5 0 }} {{ round 2.5 0 }} {{ round -1.45 -2 }} {{ round 12345 -1 }} {{ round 123.555 2 }} {{ round 1.005 2 }} {{ floor -1.5 }} {{ ceil -1.5 }}
{{ end }}
