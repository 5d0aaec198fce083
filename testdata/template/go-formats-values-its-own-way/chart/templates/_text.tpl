{{ define "text" -}}
missing: {{ printf "%s %d" "a" }}
extra: {{ printf "%s" "a" 1 }}
wrong: {{ printf "%d" 1.5 }} {{ printf "%s" 1 }} {{ printf "%t" "x" }}
nil: {{ printf "%s %v %d" nil nil nil }}
map: {{ dict "b" 1 "a" (list 1 nil "x") }} {{ printf "%v %+v %#v" (dict "a" 1) (list "a") (dict "a" nil) }}
float: {{ printf "%g %e %f %6.2f %v" 1e6 1e6 1e6 3.14159 1e6 }}
quote: {{ printf "%q %x %X %c %U %08b %+d" "é\"" "hi" "hi" 65 65 5 5 }}
width: {{ printf "[%5s|%-5s|%05d|%.2s|%*d]" "a" "b" 42 "xyz" 4 7 }}
print: {{ print "a" 1 2 "b" nil true 1.0 }} {{ println "x" 1 }}
{{ end }}
