#!/bin/sh
echo "$# words"
env | grep ^HELM_ | sort
