#!/bin/sh
# Begins a backend of your own: a copy of this example under another name.
set -eu

if [ $# -ne 2 ]; then
    echo "usage: begin.sh <name> <folder>   for example: begin.sh pantry ../pantry" >&2
    exit 2
fi
name=$1
folder=$2
example=$(dirname "$0")

case $name in
    *[!a-z0-9]* | [!a-z]* | '')
        echo "begin.sh: '$name' cannot name a package: small letters and digits, a letter first" >&2
        exit 2 ;;
esac
if [ -e "$folder" ]; then
    echo "begin.sh: $folder is there already; name a folder that is not" >&2
    exit 2
fi

first=$(echo "$name" | cut -c1 | tr '[:lower:]' '[:upper:]')
class=$first$(echo "$name" | cut -c2-)
rename="s/Logfile/$class/g; s/logfile/$name/g; s/records\.log/$name.log/g"
find "$example/pom.xml" "$example"/*.cfg "$example/src" -type f | while read -r file; do
    target=$folder/$(echo "${file#"$example"/}" | sed "$rename")
    mkdir -p "$(dirname "$target")"
    sed "$rename; s/log file/$name/g" "$file" > "$target"
done
echo "$folder holds the backend '$name'. Build and certify it with:"
echo "  mvn -q -f $folder/pom.xml verify"
