#!/usr/bin/env bash
# The step "Certify" of action.yml. Every input comes by the environment and stays one word of an array:
# nothing that a workflow passes in is ever read as a command.
set -euo pipefail

suite="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/bin.js"
out="${INPUT_OUT:-token-conformance}"
summary="${GITHUB_STEP_SUMMARY:-/dev/null}"
outputs="${GITHUB_OUTPUT:-/dev/null}"

# Nobody can guess it, so no endpoint can end what it begins.
mark="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"

output() {
  printf '%s<<%s\n%s\n%s\n' "$1" "$mark" "$2" "$mark" >>"$outputs"
}

end() {
  local passed=false
  if [[ $1 == 0 ]]; then passed=true; fi
  output exit-code "$1"
  output passed "$passed"
  exit "$1"
}

refuse() {
  printf '::error title=token-conformance::%s\n' "$1"
  output report ''
  end 3
}

arguments=(run "--out=$out" --format html --format junit --format sarif --format markdown)

# --name=value: a value that begins with a dash would else be taken for an option.
option() {
  if [[ -n $2 ]]; then arguments+=("--$1=$2"); fi
}

each_line() {
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    line="${line%$'\r'}"
    line="${line#"${line%%[![:space:]]*}"}"
    line="${line%"${line##*[![:space:]]}"}"
    option "$1" "$line"
  done <<<"$2"
}

# An unset variable of a workflow must not certify the embedded emulator and look green.
if [[ -z ${INPUT_TARGET:-} && -z ${INPUT_ENDPOINT:-} ]]; then
  refuse 'Give the input "target" or the input "endpoint".'
fi

option target "${INPUT_TARGET:-}"
option endpoint "${INPUT_ENDPOINT:-}"
each_line case "${INPUT_CASES:-}"
each_line grant "${INPUT_GRANTS:-}"
each_line requirement "${INPUT_REQUIREMENTS:-}"
option budget "${INPUT_BUDGET:-}"
option seed "${INPUT_SEED:-}"
option baseline "${INPUT_BASELINE:-}"
case "${INPUT_STRICT:-}" in
  true) arguments+=(--strict) ;;
  '' | false) ;;
  *) refuse 'The input "strict" must be true or false.' ;;
esac

# What an earlier step left here must not be taken for the result of this one.
rm -f -- "$out/report.json" "$out/summary.md"

# The report quotes what the endpoint sent, which could be workflow commands.
printf '::stop-commands::%s\n' "$mark"
code=0
node "$suite" "${arguments[@]}" || code=$?
printf '\n::%s::\n' "$mark"

if [[ -f "$out/report.json" ]]; then
  node "$suite" report --format github -- "$out/report.json" ||
    printf '::warning title=token-conformance::The annotations could not be made.\n'
  output report "$out/report.json"
else
  printf '::error title=token-conformance::There is no report (exit code %s): see the log.\n' "$code"
  output report ''
fi
if [[ -f "$out/summary.md" ]]; then
  # A summary of more than 1 MiB would be refused as a whole.
  head -c 1000000 -- "$out/summary.md" >>"$summary"
fi
end "$code"
