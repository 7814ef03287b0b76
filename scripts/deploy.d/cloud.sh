# Reads and changes resources in the cloud, and reports a failure with its remedy.
# shellcheck shell=bash

# gcloud prints a resource as lines of the form `path: value`.
FLAT='--format=flattened[no-pad]'

# Errors of gcloud for a resource that does not exist.
ABSENT='NOT_FOUND|[Nn]ot found|Cannot find|could not be found|does not exist'
# Temporary errors: an API was enabled a moment ago, or somebody else changes the same resource.
PASSING='has not been used|SERVICE_DISABLED|is not ready|resourceNotReady|try again|ABORTED|concurrent'
# Temporary errors when a role is granted to a service account that was created a moment ago.
UNKNOWN_YET='does not exist|Unknown service account'
TRIES=6
PAUSE_SECONDS=10

INPUT=
OUTPUT=
ERRORS=
FOUND=
TASK=

heading() {
  if $DRY_RUN; then printf '# %s\n' "$1" >&2; else printf '\n== %s\n' "$1"; fi
}

# Prints progress. A dry run prints only commands.
note() { $DRY_RUN || printf '   %-8s %s\n' "$1" "$2"; }

# Prints text of others without control characters, which a terminal could execute.
printable() { printf '%s' "$1" | LC_ALL=C tr -s '[:cntrl:]' ' ' | LC_ALL=C tr -c '[:print:]' '?'; }

printable_lines() { LC_ALL=C tr -c '[:print:]\n' '?'; }

with_input() { # command; INPUT
  if [[ -z $INPUT ]]; then "$@" </dev/null; else "$@" < <(printf %s "$INPUT"); fi
}

# Runs the command with INPUT. Retries it after a temporary error.
attempt() { # command: sets OUTPUT, or ERRORS
  local tries passing=$PASSING
  [[ $* != *' add-iam-policy-binding '* ]] || passing+="|$UNKNOWN_YET"
  for ((tries = 1; ; tries++)); do
    if OUTPUT=$(with_input "$@" 2>"$WORK/errors"); then return 0; fi
    ERRORS=$(<"$WORK/errors")
    if ((tries >= TRIES)) || [[ ! $ERRORS =~ $passing ]]; then return 1; fi
    note wait "retry in $PAUSE_SECONDS s: Google Cloud does not know a new resource everywhere yet"
    sleep "$PAUSE_SECONDS"
  done
}

# Reads a resource. Sets FOUND to its lines, or to nothing if it does not exist.
look() { # command
  FOUND=
  ! $DRY_RUN || return 0
  if INPUT='' attempt "$@"; then
    FOUND=$OUTPUT
  elif [[ ! $ERRORS =~ $ABSENT ]]; then
    give_up "$@"
  fi
}

absent() { [[ -z $FOUND ]]; }

# Whether FOUND has all of these lines.
has() { # lines
  local line
  for line in "$@"; do
    [[ $'\n'$FOUND$'\n' == *$'\n'"$line"$'\n'* ]] || return 1
  done
}

# Whether FOUND has all of these lines, and no other line with this start.
has_only() { # start, lines
  local start=$1 line count=0
  shift
  has "$@" || return 1
  while IFS= read -r line; do
    [[ $line != "$start"* ]] || count=$((count + 1))
  done <<<"$FOUND"
  for line in "$@"; do
    [[ $line != "$start"* ]] || count=$((count - 1))
  done
  ((count == 0))
}

# Whether a line with this start names a resource with this end of the path. Hosts and project names vary.
refers() { # start of the line, end of the resource's path
  local line
  while IFS= read -r line; do
    [[ $line != "$1"*": "*"/$2" ]] || return 0
  done <<<"$FOUND"
  return 1
}

# Makes a change, or prints its command.
change() { # what is done, command; INPUT
  local what=$1 word words=()
  shift
  if $DRY_RUN; then
    if [[ $INPUT == *$'\n'* ]]; then
      write_document "$2-$3"
      printf '%s%s\n' "$(INPUT='' print_command "$@")" "$INPUT_LINE"
    else
      print_command "$@"
    fi
    return
  fi
  note "${what%% *}" "$TASK"
  for word in "$@"; do
    resolve "$word"
    words+=("$RESOLVED")
  done
  resolve "$INPUT"
  if [[ $1 == docker ]]; then
    "${words[@]}" </dev/null 2>&1 | tee "$WORK/errors" >&2 || give_up "$@"
  else
    INPUT=$RESOLVED attempt "${words[@]}" || give_up "$@"
  fi
}

keep() { note ok "$TASK"; }

# --- Roles ---------------------------------------------------------------------------------------

# Whether the policy in FOUND grants the role to the member without a condition.
has_binding() { # role, member
  local line index
  while IFS= read -r line; do
    [[ $line =~ ^bindings\[([0-9]+)\]\.role:\ (.+)$ && ${BASH_REMATCH[2]} == "$1" ]] || continue
    index=${BASH_REMATCH[1]}
    [[ $FOUND != *"bindings[$index].condition."* ]] || continue
    [[ ! $'\n'$FOUND$'\n' =~ $'\n'"bindings[$index].members["[0-9]+"]: $2"$'\n' ]] || return 0
  done <<<"$FOUND"
  return 1
}

ensure_binding() { # role, member, group of commands, resource and flags
  local role=$1 member=$2 group
  read -ra group <<<"$3"
  shift 3
  TASK="the role $role for ${member#serviceAccount:} on ${group[-1]%s} $1"
  look gcloud "${group[@]}" get-iam-policy "$@" "$FLAT"
  if has_binding "$role" "$member"; then
    keep
  else
    change "grant" gcloud "${group[@]}" add-iam-policy-binding "$@" "--member=$member" "--role=$role" --condition=None
  fi
}

# --- Failures ------------------------------------------------------------------------------------

refuse() { # what is wrong, what to do
  printf '\nscripts/deploy: the step %s failed at %s\n  error    %s\n  remedy   %s\n  continue %s\n' \
    "$STEP" "$TASK" "$1" "$2" "$(go_on)" >&2
  exit 1
}

give_up() { # command
  local errors
  errors=$(<"$WORK/errors")
  # An error message of Google may quote the secret.
  [[ -z ${KNOWN[proxy-secret]:-} ]] || errors=${errors//"${KNOWN[proxy-secret]}"/***}
  {
    printf '\nscripts/deploy: the step %s failed at %s\n' "$STEP" "$TASK"
    printf '  command  %s\n' "$(print_command "$@")"
    printf '%s\n' "$errors" | tail -n 20 | cut -c 1-1000 | printable_lines | sed 's/^/  error    /'
    printf '  remedy   %s\n' "$(remedy "$errors")"
    printf '  continue %s\n' "$(go_on)"
  } >&2
  exit 1
}

remedy() { # error
  case $1 in
    *'gcloud auth login'* | *'active account'*) echo "log in: gcloud auth login" ;;
    *'permitted customer'* | *allowedPolicyMemberDomains*)
      echo "an organisation policy forbids allUsers: add the annotation run.googleapis.com/invoker-iam-disabled: 'true' to the manifest"
      ;;
    *[Bb]illing*)
      echo "link a billing account: gcloud billing projects link $PROJECT --billing-account=ACCOUNT"
      ;;
    *PERMISSION_DENIED* | *[Pp]ermission*)
      echo "your account needs a role on $PROJECT with this permission, such as roles/owner; gcloud auth list shows your account"
      ;;
    *[Qq]uota*) echo "request more quota: https://console.cloud.google.com/iam-admin/quotas?project=$PROJECT" ;;
    *NOT_FOUND* | *'not found'*) echo "run the earlier steps first; the step all runs them in order" ;;
    *) echo "fix the cause that the error names" ;;
  esac
}

# Prints the command that runs the remaining steps. Finished steps change nothing when they run again.
go_on() {
  local command=(scripts/deploy)
  if $DESTROY; then command+=(--destroy); else command+=("${CHOSEN[@]}"); fi
  INPUT='' print_command "${command[@]}" "${GIVEN[@]}"
}
