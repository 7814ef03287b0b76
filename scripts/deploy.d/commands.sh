# Commands as text, and what only the cloud knows. In arguments and texts that stands as @{name}: it is asked for where
# the commands are run, and printed as the command that asks where they are not.
# shellcheck shell=bash

declare -A KNOWN=()

# The part after the command is for the reader; what it does is done to every answer.
lookup_command() { # name: sets COMMAND and AFTER
  AFTER=
  case $1 in
    project-number) COMMAND=(gcloud projects describe "$PROJECT" '--format=value(projectNumber)') ;;
    address)
      COMMAND=(gcloud compute addresses describe "$ADDRESS" --global "$IN_PROJECT" '--format=value(address)')
      ;;
    secret-version)
      COMMAND=(gcloud secrets versions describe latest "--secret=$SECRET" "$IN_PROJECT" '--format=value(name.basename())')
      ;;
    # While one secret replaces another there are two, and the load balancer sends the first.
    proxy-secret)
      COMMAND=(gcloud secrets versions access latest "--secret=$SECRET" "$IN_PROJECT")
      AFTER=' | cut -d, -f1'
      ;;
    new-secret) COMMAND=(openssl rand -hex 32) ;;
    commit) COMMAND=(git rev-parse --short=12 HEAD) ;;
    *) fail "nothing is known of @{$1}" ;;
  esac
}

know() { # name
  [[ -z ${KNOWN[$1]:-} ]] || return 0
  local COMMAND AFTER
  lookup_command "$1"
  INPUT='' attempt "${COMMAND[@]}" || give_up "${COMMAND[@]}"
  KNOWN[$1]=${OUTPUT%%,*}
  [[ -n ${KNOWN[$1]} ]] || fail "no answer from: $(command_line "${COMMAND[@]}")"
}

resolve() { # text: sets RESOLVED
  local text=$1 name
  RESOLVED=
  while [[ $text == *'@{'* ]]; do
    RESOLVED+=${text%%'@{'*}
    text=${text#*'@{'}
    name=${text%%'}'*}
    know "$name"
    RESOLVED+=${KNOWN[$name]}
    text=${text#*'}'}
  done
  RESOLVED+=$text
}

# Prints the command as one line that a shell reads as exactly this command, with its input behind it.
command_line() { # command; INPUT
  local word line=
  for word in "$@"; do
    line+="${line:+ }$(shell_word "$word")"
  done
  [[ -z ${INPUT:-} ]] || line+=" < <(printf %s $(shell_word "$INPUT"))"
  printf '%s\n' "$line"
}

# Writes a document that a command would read to a file for review. What only the cloud knows, the secret included, stays a placeholder
# there, which the shell that runs the command fills in.
write_document() { # name; INPUT: sets INPUT_LINE
  local file=$DOCUMENTS/$1.yaml text=$INPUT name COMMAND AFTER
  local -A filled=()
  [[ -z ${KNOWN[project-number]:-} ]] || text=${text//'@{project-number}'/"${KNOWN[project-number]}"}
  { mkdir -p -- "$DOCUMENTS" && printf %s "$text" >"$file"; } || fail "$file cannot be written: give another --documents"
  printf '# wrote %s\n' "$file" >&2
  INPUT_LINE=" < <(text=\$(<$(quoted "$file"))"
  while [[ $text == *'@{'* ]]; do
    text=${text#*'@{'}
    name=${text%%'}'*}
    [[ -z ${filled[$name]:-} ]] || continue
    filled[$name]=1
    lookup_command "$name"
    INPUT_LINE+="; text=\${text//'@{$name}'/\"\$($(INPUT='' command_line "${COMMAND[@]}")$AFTER)\"}"
  done
  INPUT_LINE+="; printf '%s\\n' \"\$text\")"
}

shell_word() { # text
  local text=$1 name COMMAND AFTER
  if [[ $text =~ ^(--[a-z-]+=)(.+)$ ]]; then
    printf '%s' "${BASH_REMATCH[1]}"
    text=${BASH_REMATCH[2]}
  fi
  while [[ $text == *'@{'* ]]; do
    quoted "${text%%'@{'*}"
    text=${text#*'@{'}
    name=${text%%'}'*}
    text=${text#*'}'}
    if [[ -n ${KNOWN[$name]:-} && $name == project-number ]]; then
      printf '%s' "${KNOWN[$name]}"
    else
      lookup_command "$name"
      # shellcheck disable=SC2016  # It is the reader's shell that expands it.
      printf '"$(%s%s)"' "$(INPUT='' command_line "${COMMAND[@]}")" "$AFTER"
    fi
  done
  quoted "$text"
}

quoted() { # text
  if [[ $1 =~ ^[A-Za-z0-9_@%+=:,./-]*$ ]]; then
    printf '%s' "$1"
  elif [[ $1 == *[[:cntrl:]]* ]]; then
    printf '%q' "$1"
  else
    printf "'%s'" "${1//\'/\'\\\'\'}"
  fi
}
