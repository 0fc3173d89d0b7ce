#!/bin/sh
# Runs the lines of the documents as they are printed, against a node of its own, and looks for the
# lines they promise. A block that begins with "sh run" is run; the block "expect" behind it holds
# one expected text a line.
#   sh docs/test/run-docs.sh [document ...]
# LARDER_DIST names the distribution; otherwise the one in runtime/target. LARDER_MAVEN_REPOSITORY
# names the Maven repository that the build used; otherwise the usual one in the home folder. What is
# done in place of lines that are not run, as the build has done the same just before:
#   ./larder start builds nothing, since what it starts is there;
#   step 1 of the backend guide: the API and the kit as built are put into a Maven repository of the
#   run's own, and the example's verdict and jar are those of the build.
set -u

root=$(cd "$(dirname "$0")/../.." && pwd -P)
distribution=${LARDER_DIST:-$root/runtime/target/larder}
[ -x "$distribution/bin/larder" ] || {
    echo "run-docs.sh: no distribution in $distribution; ./larder build makes one" >&2
    exit 2
}
[ $# -gt 0 ] || set -- "$root/README.md" "$root/samples/translation/README.md" "$root/docs/backend-guide.md"

# A checkout in small: a copy of the distribution (its plugins are moved about), and the samples.
top=$(mktemp -d)
work=$top/checkout
mkdir -p "$work/runtime/target"
cp -R "$distribution" "$work/runtime/target/larder"
cp -R "$root/samples" "$work/samples"
ln -s runtime/target/larder/bin/larder "$work/larder"
cd "$work" || exit 2
unset LARDER_DATA LARDER_CONFIG LARDER_HTTP_HOST

# A port that nobody listens on, below those that the system gives out.
port=$((20000 + $$ % 10000))
while curl -s -o /dev/null --max-time 1 "http://127.0.0.1:$port/"; do
    port=$((port + 1))
done
LARDER_HTTP_PORT=$port
export LARDER_HTTP_PORT

finish() {
    ./larder stop >/dev/null 2>&1
    cd /
    rm -rf "$top"
}
trap finish EXIT
trap 'exit 130' INT TERM

# As installing the API and the kit leaves it, without touching anybody's own.
make_repository() {
    from=${LARDER_MAVEN_REPOSITORY:-$HOME/.m2/repository}
    repository=$top/repository
    mkdir -p "$repository/org/larder"
    for each in "$from"/*; do
        [ "${each##*/}" = org ] || ln -s "$each" "$repository/"
    done
    for each in "$from"/org/*; do
        [ "${each##*/}" = larder ] || ln -s "$each" "$repository/org/"
    done
    version=$(sed -n 's|.*<version>\(.*\)</version>.*|\1|p' "$root/pom.xml" | head -n 1)
    for artifact in larder storage-api tck; do
        pom=$root/$artifact/pom.xml
        [ "$artifact" != larder ] || pom=$root/pom.xml
        target=$repository/org/larder/$artifact/$version
        mkdir -p "$target"
        cp "$pom" "$target/$artifact-$version.pom" || return 1
        [ "$artifact" = larder ] ||
            cp "$root/$artifact/target/$artifact-$version.jar" "$target/" || return 1
    done
    MAVEN_OPTS="${MAVEN_OPTS:-} -Dmaven.repo.local=$repository"
    export MAVEN_OPTS
}

passed=0
failed=0

fail() {
    failed=$((failed + 1))
    echo "FAILED $1"
    sed 's/^/    | /' "$work/output"
}

# Splits a document into block-<n>.sh and block-<n>.expect; prints the number of blocks.
split() {
    awk -v prefix="$work/block-" '
        /^```sh run$/ { file = prefix (++count) ".sh"; printf "" > file; next }
        /^```expect$/ && count { file = prefix count ".expect"; printf "" > file; next }
        /^```/ { if (file) close(file); file = ""; next }
        file { print > file }
        END { print count + 0 }
    ' "$1"
}

run_document() {
    name=${1#"$root/"}
    rm -f "$work"/block-*
    blocks=$(split "$1")
    if [ "$blocks" -eq 0 ]; then
        : >"$work/output"
        fail "$name: nothing in it is marked to be run"
    fi
    number=0
    while [ "$number" -lt "$blocks" ]; do
        number=$((number + 1))
        block=$work/block-$number
        sed "s/127\.0\.0\.1:8001/127.0.0.1:$port/g" "$block.sh" >"$block.run"
        if ! timeout 600 sh -e "$block.run" >"$work/output" 2>&1 </dev/null; then
            fail "$name, block $number: a command failed: $(head -n 1 "$block.sh")"
            continue
        fi
        passed=$((passed + 1))
        [ -f "$block.expect" ] || continue
        while IFS= read -r line; do
            if grep -qF -e "$line" "$work/output"; then
                passed=$((passed + 1))
            else
                fail "$name, block $number: not in the output: $line"
            fi
        done <"$block.expect"
    done
}

# The samples are what their generator writes.
if java samples/translation/Generate.java >"$work/output" 2>&1 &&
    diff -r "$root/samples" samples >>"$work/output" 2>&1; then
    passed=$((passed + 1))
else
    fail "samples: the generator writes something else than what is there"
fi

if make_repository >"$work/output" 2>&1; then
    passed=$((passed + 1))
else
    fail "no API or kit that was built is there to build a backend with"
fi
if grep '"verdict":"PASS"' samples/backend-logfile/target/tck/logfile.json >"$work/output" 2>&1 &&
    [ -s samples/backend-logfile/target/tck/logfile.html ]; then
    passed=$((passed + 1))
else
    fail "samples/backend-logfile: the build has not certified it"
fi

for document in "$@"; do
    # A document that does not start a node itself is given one.
    if ! grep -q '^\./larder start' "$document" && ! ./larder status >/dev/null 2>&1; then
        ./larder start >"$work/output" 2>&1 || fail "the node does not start"
    fi
    run_document "$document"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
