# Asking the cloud what there is, changing it, and what to say where that fails.
# shellcheck shell=bash

# gcloud prints what there is as one `path: value` a line.
FLAT='--format=flattened[no-pad]'

# What gcloud says of a resource that is not there.
ABSENT='NOT_FOUND|[Nn]ot found|Cannot find|could not be found|does not exist'
# What it says for a while of an API that was just enabled, and while somebody else changes the same thing.
PASSING='has not been used|SERVICE_DISABLED|is not ready|resourceNotReady|try again|ABORTED|concurrent'
# What it says for a while of a service account that was just made, when a role is given.
UNKNOWN_YET='does not exist|Unknown service account'
TRIES=6
PAUSE_SECONDS=10

INPUT=
OUTPUT=
FOUND=
TASK=

heading() {
  if $DRY_RUN; then printf '# %s\n' "$1" >&2; else printf '\n== %s\n' "$1"; fi
}

# Progress; a dry run prints commands and nothing else.
note() { $DRY_RUN || printf '   %-8s %s\n' "$1" "$2"; }

# What others wrote, as text that no terminal takes for a command.
printable() { printf '%s' "$1" | LC_ALL=C tr -s '[:cntrl:]' ' ' | LC_ALL=C tr -c '[:print:]' '?'; }

printable_lines() { LC_ALL=C tr -c '[:print:]\n' '?'; }

# More than any answer here; one that is longer fails like a command that cannot write.
MOST_BYTES=16777216

# Runs the command with INPUT, several times where only time is missing.
attempt() { # command: sets OUTPUT
  local tries passing=$PASSING
  [[ $* != *' add-iam-policy-binding '* ]] || passing+="|$UNKNOWN_YET"
  for ((tries = 1; ; tries++)); do
    if OUTPUT=$("$@" < <(printf %s "$INPUT") 2>"$WORK/errors" | head -c "$MOST_BYTES"); then return 0; fi
    if ((tries >= TRIES)) || ! grep -Eq "$passing" "$WORK/errors"; then return 1; fi
    note wait "$PAUSE_SECONDS s: something new is not known everywhere yet"
    sleep "$PAUSE_SECONDS"
  done
}

# Asks what there is: FOUND holds its lines, or nothing.
look() { # command
  FOUND=
  ! $DRY_RUN || return 0
  if INPUT='' attempt "$@"; then
    FOUND=$OUTPUT
  elif ! grep -Eq "$ABSENT" "$WORK/errors"; then
    give_up "$@"
  fi
}

absent() { [[ -z $FOUND ]]; }

# Whether all of these lines were found.
has() { # lines
  local line
  for line in "$@"; do
    [[ $'\n'$FOUND$'\n' == *$'\n'"$line"$'\n'* ]] || return 1
  done
}

# Whether all of these lines were found, and no other line that starts like this.
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

# Whether a line that starts like this names a resource whose path ends like that: hosts and project names vary.
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
      printf '%s%s\n' "$(INPUT='' command_line "$@")" "$INPUT_LINE"
    else
      command_line "$@"
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

# Whether the policy that was found gives the role to the member, without a condition.
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
  printf '\nscripts/deploy: the step %s failed at %s\n  error    %s\n  remedy   %s\n  go on    %s\n' \
    "$STEP" "$TASK" "$1" "$2" "$(go_on)" >&2
  exit 1
}

give_up() { # command
  local errors
  errors=$(<"$WORK/errors")
  # Google may repeat what it does not accept.
  [[ -z ${KNOWN[proxy-secret]:-} ]] || errors=${errors//"${KNOWN[proxy-secret]}"/***}
  {
    printf '\nscripts/deploy: the step %s failed at %s\n' "$STEP" "$TASK"
    printf '  command  %s\n' "$(command_line "$@")"
    printf '%s\n' "$errors" | tail -n 20 | cut -c 1-1000 | printable_lines | sed 's/^/  error    /'
    printf '  remedy   %s\n' "$(remedy "$errors")"
    printf '  go on    %s\n' "$(go_on)"
  } >&2
  exit 1
}

remedy() { # error
  case $1 in
    *'gcloud auth login'* | *'active account'*) echo "log in: gcloud auth login" ;;
    *'permitted customer'* | *allowedPolicyMemberDomains*)
      echo "the organisation forbids allUsers: have the manifest say run.googleapis.com/invoker-iam-disabled: 'true'"
      ;;
    *[Bb]illing*)
      echo "link a billing account: gcloud billing projects link $PROJECT --billing-account=ACCOUNT"
      ;;
    *PERMISSION_DENIED* | *[Pp]ermission*)
      echo "your account needs a role on $PROJECT that allows it, such as roles/owner; gcloud auth list shows who you are"
      ;;
    *[Qq]uota*) echo "ask for more quota: https://console.cloud.google.com/iam-admin/quotas?project=$PROJECT" ;;
    *NOT_FOUND* | *'not found'*) echo "run the steps before this one first: all runs them in order" ;;
    *) echo "correct what the error says" ;;
  esac
}

# What is done is left alone when it runs again, so going on is running the rest.
go_on() {
  local command=(scripts/deploy)
  if $DESTROY; then command+=(--destroy); else command+=("${CHOSEN[@]}"); fi
  INPUT='' command_line "${command[@]}" "${GIVEN[@]}"
}
