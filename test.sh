#!/usr/bin/env bash
# Sets up what the tests need, checks format and analyzers, runs every test. Arguments go to `dotnet test`,
# for example: ./test.sh --filter FullyQualifiedName~Equality
# The last line is `N passed, N failed`; the exit code is 0 only when nothing failed and something ran.
set -uo pipefail
cd "$(dirname "$0")" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
solution=GenPrm.Cluster.sln
passed=0 failed=0 times=() skips=()

finish() {
  echo
  echo "Times:"
  printf '  %s\n' "${times[@]}"
  if [ ${#skips[@]} -gt 0 ]; then
    echo "Skipped:"
    printf '  %s\n' "${skips[@]}"
  fi
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ] && [ "$passed" != 0 ]
  exit
}

# part NAME COMMAND...: runs a part, notes how long it took, and gives the command's exit code.
part() {
  local name=$1 start=$SECONDS code=0
  shift
  echo "== $name"
  "$@" || code=$?
  times+=("$(printf '%-28s %4d s%s' "$name" $((SECONDS - start)) "$([ $code = 0 ] || echo '   FAILED')")")
  return $code
}

# A part without which nothing else makes sense.
must() {
  part "$@" || { failed=$((failed + 1)); finish; }
}

install_packages() {
  local missing=()
  command -v redis-server >/dev/null || missing+=(redis-server)
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  [ ${#missing[@]} = 0 ] && return
  echo "Installing ${missing[*]}"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# run_tests PROJECT ARGUMENTS...: runs one test project and adds up what its result file says.
run_tests() {
  local project=$1 results code=0
  shift
  results=$(mktemp -d)
  dotnet test "$project" -c Release --no-build --logger "console;verbosity=minimal" --logger "trx;LogFileName=results.trx" \
    --results-directory "$results" "$@" || code=$?
  local trx=$results/results.trx count=0 bad=0 line
  if [ -f "$trx" ]; then
    line=$(grep -o '<Counters [^>]*' "$trx")
    count=$(grep -o ' passed="[0-9]*' <<<"$line" | grep -o '[0-9]*$')
    bad=$(grep -o ' failed="[0-9]*' <<<"$line" | grep -o '[0-9]*$')
    while IFS= read -r line; do skips+=("$line"); done < <(skipped "$trx")
  fi
  # A test host that died, or wrote no results, is a failure too.
  [ $code != 0 ] && [ "$bad" = 0 ] && bad=1
  passed=$((passed + count)) failed=$((failed + bad))
  rm -rf "$results"
  return $((bad > 0))
}

# Each skipped test of a result file, with its reason.
skipped() {
  awk '
    /<UnitTestResult / { name = ""; if (/outcome="NotExecuted"/ && match($0, /testName="[^"]*"/)) name = substr($0, RSTART + 10, RLENGTH - 11) }
    name != "" && match($0, /<(StdOut|Message)>[^<]*/) { text = substr($0, RSTART, RLENGTH); sub(/<[A-Za-z]*>/, "", text); print name ": " text; name = "" }
  ' "$1"
}

must "set up packages" install_packages
must "restore" dotnet restore $solution -v q
must "build with analyzers" dotnet build $solution -c Release --no-restore -v q
must "set up sandboxes" client/bin/Release/net10.0/linux-x64/genprm doctor --fix --yes
part "check format" dotnet format $solution --verify-no-changes --no-restore || failed=$((failed + 1))
for project in unit cluster e2e; do
  [ -n "$(find "tests/$project" \( -name bin -o -name obj \) -prune -o -name '*.cs' -print -quit)" ] || continue
  part "tests/$project" run_tests "tests/$project" "$@"
done
finish
