{{ define "web/templates/t.yaml" }}from: definition
{{ end }}