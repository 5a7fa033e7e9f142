#!/usr/bin/env bash
# Sets up what the tests need and runs every test. Arguments go to `dotnet test`.
set -euo pipefail
cd "$(dirname "$0")"
dotnet build GenPrm.Cluster.sln --nologo -v q
passed=0 failed=0
for project in tests/unit tests/cluster tests/e2e; do
  compgen -G "$project/**/*.cs" >/dev/null || compgen -G "$project/*.cs" >/dev/null || continue
  log=$(mktemp)
  dotnet test "$project" --no-build --nologo --logger "console;verbosity=normal" "$@" 2>&1 | tee "$log" || true
  passed=$((passed + $(grep -oP '^\s+Passed: \K\d+' "$log" | tail -1 || echo 0)))
  failed=$((failed + $(grep -oP '^\s+Failed: \K\d+' "$log" | tail -1 || echo 0)))
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
