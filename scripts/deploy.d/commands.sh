# Commands as text, with placeholders @{name} for values that only the cloud knows. When the script runs a command, it looks
# the value up. In a dry run, it prints the command that looks the value up.
# shellcheck shell=bash

declare -A KNOWN=()

# AFTER is the pipe that a dry run prints after the command. The function know does the same with every answer.
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
    # While a new secret replaces an old one, the value has both, and the load balancer sends the first.
    proxy-secret)
      COMMAND=(gcloud secrets versions access latest "--secret=$SECRET" "$IN_PROJECT")
      AFTER=' | cut -d, -f1'
      ;;
    new-secret) COMMAND=(openssl rand -hex 32) ;;
    commit) COMMAND=(git rev-parse --short=12 HEAD) ;;
    *) fail "the placeholder @{$1} is unknown" ;;
  esac
}

know() { # name
  [[ -z ${KNOWN[$1]:-} ]] || return 0
  local COMMAND AFTER
  lookup_command "$1"
  INPUT='' attempt "${COMMAND[@]}" || give_up "${COMMAND[@]}"
  KNOWN[$1]=${OUTPUT%%,*}
  [[ -n ${KNOWN[$1]} ]] || fail "this command printed nothing: $(print_command "${COMMAND[@]}")"
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

# The command and its input as one line for a shell.
command_line() { # command; INPUT: sets LINE
  local word line=
  for word in "$@"; do
    shell_word "$word"
    line+="${line:+ }$WORD"
  done
  if [[ -n ${INPUT:-} ]]; then
    shell_word "$INPUT"
    line+=" < <(printf %s $WORD)"
  fi
  LINE=$line
}

print_command() { # command; INPUT
  command_line "$@"
  printf '%s\n' "$LINE"
}

# Writes the input of a command to a file, for review. Values that only the cloud knows, and the secret, stay placeholders there.
# The shell that runs the printed command fills them in.
write_document() { # name; INPUT: sets INPUT_LINE
  local file=$DOCUMENTS/$1.yaml text=$INPUT name COMMAND AFTER
  local -A filled=()
  [[ -z ${KNOWN[project-number]:-} ]] || text=${text//'@{project-number}'/"${KNOWN[project-number]}"}
  { mkdir -p -- "$DOCUMENTS" && printf %s "$text" >"$file"; } || fail "cannot write $file: set --documents to another folder"
  printf '# wrote %s\n' "$file" >&2
  quoted "$file"
  INPUT_LINE=" < <(text=\$(<$QUOTED)"
  while [[ $text == *'@{'* ]]; do
    text=${text#*'@{'}
    name=${text%%'}'*}
    [[ -z ${filled[$name]:-} ]] || continue
    filled[$name]=1
    lookup_command "$name"
    INPUT='' command_line "${COMMAND[@]}"
    INPUT_LINE+="; text=\${text//'@{$name}'/\"\$($LINE$AFTER)\"}"
  done
  INPUT_LINE+="; printf '%s\\n' \"\$text\")"
}

shell_word() { # text: sets WORD
  local text=$1 word="" name COMMAND AFTER
  if [[ $text =~ ^(--[a-z-]+=)(.+)$ ]]; then
    word=${BASH_REMATCH[1]}
    text=${BASH_REMATCH[2]}
  fi
  while [[ $text == *'@{'* ]]; do
    quoted "${text%%'@{'*}"
    word+=$QUOTED
    text=${text#*'@{'}
    name=${text%%'}'*}
    text=${text#*'}'}
    if [[ -n ${KNOWN[$name]:-} && $name == project-number ]]; then
      word+=${KNOWN[$name]}
    else
      lookup_command "$name"
      # The reader's shell expands it.
      INPUT='' command_line "${COMMAND[@]}"
      word+="\"\$($LINE$AFTER)\""
    fi
  done
  quoted "$text"
  WORD=$word$QUOTED
}

quoted() { # text: sets QUOTED
  if [[ $1 =~ ^[A-Za-z0-9_@%+=:,./-]*$ ]]; then
    QUOTED=$1
  elif [[ $1 == *[[:cntrl:]]* ]]; then
    printf -v QUOTED %q "$1"
  else
    QUOTED="'${1//\'/\'\\\'\'}'"
  fi
}
