#!/bin/sh
echo part; exit 5
