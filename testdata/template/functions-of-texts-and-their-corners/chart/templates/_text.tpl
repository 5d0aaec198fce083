{{ define "text" -}}
abbrev: {{ abbrev 5 "hello world" }} {{ abbrev 3 "hello" }} {{ abbrevboth 5 10 "1234 5678 9123" }}
wrap: {{ wrap 5 "a long text here" | toJson }} {{ wrapWith 3 "|" "abcdef" }}
title: {{ title "hello wORLD o'neil" }} {{ untitle "Hello World" }} {{ camelcase "http_server-name" }} {{ kebabcase "HTTPServer" }} {{ snakecase "firstName" }}
seq: {{ seq 5 }} / {{ seq 5 1 }} / {{ seq 0 2 10 }} / {{ seq 0 -2 -5 }}
until: {{ until 3 }} {{ until -2 }} {{ untilStep 3 9 2 }}
plural: {{ 1 | plural "one" "many" }} {{ 2 | plural "one" "many" }}
subst: {{ nospace " a b " }} {{ swapcase "aBc" }} {{ cat "a" 1 nil true }} {{ repeat 2 "ab" }} {{ indent 2 "a\nb" | toJson }} {{ nindent 1 "a" | toJson }}
{{ end }}
