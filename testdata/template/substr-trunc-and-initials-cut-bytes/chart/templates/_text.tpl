{{ define "text" -}}
substr: {{ substr 2 3 "héllo" | printf "%q" }} {{ substr 0 -1 "abc" }} {{ substr -1 2 "abc" }}
trunc: {{ trunc 2 "héllo" | printf "%q" }} {{ trunc -3 "abcdef" }} {{ trunc 9 "ab" }}
initials: {{ initials "Émile Zola" | printf "%q" }}
{{ end }}
