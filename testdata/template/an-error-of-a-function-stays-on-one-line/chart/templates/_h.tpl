{{ define "one" }}{{ eq 1 1.0 }}{{ end }}
