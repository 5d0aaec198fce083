#!/bin/sh
sed s/one/uno/
printf -- "---\n# added\nkind: B\nmetadata: {name: b}\n"
