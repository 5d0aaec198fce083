#!/bin/sh
echo "older: $*"
