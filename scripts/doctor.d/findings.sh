# The findings of scripts/doctor, and the two forms in which they are told.
# shellcheck shell=bash

CHECKS=()
RESULTS=()
EVIDENCE=()
REMEDIES=()

ok() { found "$1" OK "$2" ''; }                 # check, evidence
skipped() { found "$1" SKIPPED "$2" ''; }       # check, reason
warn() { found "$1" WARN "$2" "$3"; }           # check, evidence, remedy
failed() { found "$1" FAIL "$2" "$3"; }         # check, evidence, remedy

skip_all() { # reason, checks
  local check
  for check in "${@:2}"; do
    skipped "$check" "$1"
  done
}

found() { # check, result, evidence, remedy
  CHECKS+=("$1")
  RESULTS+=("$2")
  EVIDENCE+=("$(one_line "$3")")
  REMEDIES+=("$(one_line "$4")")
}

# What others wrote must not be able to paint a finding of its own, nor fill the screen.
one_line() { printf '%s' "${1:0:2000}" | LC_ALL=C tr -s '[:cntrl:]' ' ' | LC_ALL=C tr -c '[:print:]' '?'; }

worst() {
  local result worst=OK
  for result in "${RESULTS[@]}"; do
    case $result in
      FAIL) worst=FAIL ;;
      WARN) [[ $worst == FAIL ]] || worst=WARN ;;
    esac
  done
  printf '%s' "$worst"
}

exit_status() {
  case $(worst) in
    FAIL) echo 2 ;;
    WARN) echo 1 ;;
    *) echo 0 ;;
  esac
}

print_text() {
  local i
  for i in "${!CHECKS[@]}"; do
    printf '%-9s%-21s%s\n' "${RESULTS[i]}" "${CHECKS[i]}" "${EVIDENCE[i]}"
    [[ -z ${REMEDIES[i]} ]] || printf '%-30sremedy: %s\n' '' "${REMEDIES[i]}"
  done
  printf '\nworst: %s\n' "$(worst)"
}

print_json() {
  local i separator=''
  printf '{"worst":"%s","findings":[' "$(worst)"
  for i in "${!CHECKS[@]}"; do
    printf '%s{"check":"%s","result":"%s","evidence":"%s","remedy":"%s"}' "$separator" "${CHECKS[i]}" "${RESULTS[i]}" \
      "$(json "${EVIDENCE[i]}")" "$(json "${REMEDIES[i]}")"
    separator=,
  done
  printf ']}\n'
}

# One line of printable ASCII as the inside of a JSON text (RFC 8259 section 7).
json() {
  local text=${1//\\/\\\\}
  printf '%s' "${text//\"/\\\"}"
}
