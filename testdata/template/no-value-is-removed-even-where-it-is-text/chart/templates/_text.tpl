{{ define "text" -}}
missing: {{ .Values.nope }}
text: "<no value>"
twice: <no <no value>value>
word: {{ .Values.nope | toString }}
print: {{ print .Values.nope }}
printf: {{ printf "%s %v" .Values.nope .Values.nope }}
quote: [{{ quote .Values.nope }}]
{{ end }}
