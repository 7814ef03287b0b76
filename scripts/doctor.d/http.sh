# How scripts/doctor asks, and reads what it is told.
# shellcheck shell=bash
# shellcheck disable=SC2034 # the other files read them

STATUS=
BODY=
HEADERS=
ADDRESS=
CURL_STATUS=0
CURL_ERROR=

# Leaves the answer in STATUS, BODY, HEADERS and ADDRESS, and curl's own fate in CURL_STATUS and CURL_ERROR. Bounded in time and
# size, and follows no redirect.
ask() { # arguments for curl
  CURL_STATUS=0
  : >"$WORK/body"
  : >"$WORK/headers"
  local line
  line=$(curl -q -g -sS --connect-timeout 5 --max-time 20 --max-filesize 1048576 --proto '=http,https' -o "$WORK/body" \
    -D "$WORK/headers" -w '%{http_code} %{remote_ip}' "$@" 2>"$WORK/error") || CURL_STATUS=$?
  STATUS=${line%% *}
  ADDRESS=${line#* }
  BODY=$(tr -d '\0' <"$WORK/body")
  HEADERS=$(tr -d '\0\r' <"$WORK/headers")
  CURL_ERROR=$(head -n 1 "$WORK/error")
}

# The same, believing the authorities of --cacert where they are given.
ask_service() {
  ask "${CACERT[@]+"${CACERT[@]}"}" "$@"
}

header() { # name
  printf '%s\n' "$HEADERS" | sed -n "s/^$1: *//Ip" | tail -n 1
}

# The text of a member; empty where there is none. Good enough for the flat documents of the service.
member() { # JSON, name
  printf '%s' "$1" | tr '\n' ' ' | sed -n "s/.*[{,][[:space:]]*\"$2\"[[:space:]]*:[[:space:]]*\"\([^\"]*\)\".*/\1/p"
}

# The number, or the whole list, of a member.
raw_member() { # JSON, name
  printf '%s' "$1" | tr '\n' ' ' | sed -n "s/.*[{,][[:space:]]*\"$2\"[[:space:]]*:[[:space:]]*\([0-9][0-9]*\).*/\1/p"
}

is_object() { # text
  local text
  text=$(printf '%s' "$1" | tr '\n' ' ' | sed 's/^[[:space:]]*//; s/[[:space:]]*$//')
  [[ $text == '{'*'}' ]]
}

base64url_decode() { # text
  local text
  text=$(printf '%s' "$1" | tr '_-' '/+')
  while ((${#text} % 4 != 0)); do text+='='; done
  printf '%s' "$text" | openssl base64 -d -A
}
