#!/bin/sh
# Loads the sample project into a running node and checks that the node counts what was sent.
#   sh samples/translation/load.sh [address]
set -eu

folder=$(cd "$(dirname "$0")" && pwd -P)
address=${1:-http://${LARDER_HTTP_HOST:-127.0.0.1}:${LARDER_HTTP_PORT:-8001}}
base=$address/api/v1/translation

die() {
    echo "load.sh: $1" >&2
    exit 1
}

call() {
    curl -sS --fail-with-body --max-time 60 "$@" || die "curl failed: $*"
}

# The number that a field of a JSON reply holds.
number() {
    grep -o "\"$1\":[0-9]*" | head -n 1 | cut -d: -f2
}

expect() {
    [ "$2" = "$3" ] || die "$1: expected $3, the node says $2"
    echo "$1: $2"
}

sessions=$(grep -c '^{"session_id"' "$folder/sessions.json")
tasks=$(grep -c . "$folder/tasks.ndjson")

# Twice: the same batch again changes nothing.
for round in first second; do
    reply=$(call "$base/sessions/batch" -H 'Content-Type: application/json' --data-binary "@$folder/sessions.json")
    expect "sessions accepted, $round time" "$(echo "$reply" | number count)" "$sessions"
    reply=$(call "$base/tasks/batch" -H 'Content-Type: application/x-ndjson' --data-binary "@$folder/tasks.ndjson")
    expect "tasks accepted, $round time" "$(echo "$reply" | number count)" "$tasks"
done

call -X POST "$base/flush" >/dev/null

counted=0
for id in $(sed -n 's/^{"session_id":"\([^"]*\)".*/\1/p' "$folder/sessions.json"); do
    reply=$(call "$base/sessions/$id/tasks?page_size=1")
    sent=$(grep -c "\"session_id\":\"$id\"" "$folder/tasks.ndjson")
    expect "tasks of $id" "$(echo "$reply" | number total)" "$sent"
    counted=$((counted + sent))
done
expect "tasks of all sessions" "$counted" "$tasks"
