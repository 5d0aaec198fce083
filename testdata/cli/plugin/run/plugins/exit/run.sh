#!/bin/sh
echo said; echo complained >&2; exit "$1"
