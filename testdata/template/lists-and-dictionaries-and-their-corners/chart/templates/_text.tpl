{{ define "text" -}}
without: {{ without (list 1 2 1 3) 1 3 }} {{ uniq (list 1 1 2 "a" "a") }} {{ compact (list 0 1 "" "a" nil) }} {{ sortAlpha (list "b" 3 "a" 10) }}
parts: {{ first (list) }} {{ last (list 1 2) }} {{ rest (list 1 2 3) }} {{ initial (list 1 2 3) }} {{ slice (list 1 2 3) 1 }} {{ reverse (list 1 2) }}
keys: {{ keys (dict "b" 1 "a" 2) | sortAlpha }} {{ values (dict "a" 1) }} {{ pick (dict "a" 1 "b" 2) "a" "x" }} {{ omit (dict "a" 1 "b" 2) "a" }}
get: [{{ get (dict "a" 1) "b" }}] {{ hasKey (dict "a" nil) "a" }} {{ pluck "a" (dict "a" 1) (dict) (dict "a" 2) }}
odd: {{ dict "a" }} {{ tuple 1 "x" }} {{ concat (list 1) (list 2) }} {{ append (list 1) 2 }} {{ prepend (list 1) 0 }}
join: {{ join "," (list 1 nil "a" true) }} {{ split "," "a,b" }} {{ splitList "," "a,b" }} {{ splitn "," 2 "a,b,c" }}
{{ end }}
