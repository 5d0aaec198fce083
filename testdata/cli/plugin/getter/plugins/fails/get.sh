#!/bin/sh
echo part; echo why >&2; exit 3
