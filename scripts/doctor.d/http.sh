# How scripts/doctor asks, and reads what it is told.
# shellcheck shell=bash
# shellcheck disable=SC2034 # the other files read them

STATUS=
BODY=
HEADERS=
ADDRESS=
CURL_STATUS=0
CURL_ERROR=

# More than the documents of a service and the largest head of a proxy; curl itself bounds no chunked answer.
MOST_BYTES=1048576

# Leaves the answer in STATUS, BODY, HEADERS and ADDRESS, and curl's own fate in CURL_STATUS and CURL_ERROR. Bounded in time and
# size, and follows no redirect.
ask() { # arguments for curl
  CURL_STATUS=0
  : >"$WORK/body"
  : >"$WORK/headers"
  local line
  # The limit of file sizes is in KiB. Without the signal curl fails to write, and still tells the status.
  line=$(
    trap '' XFSZ
    ulimit -f "$((MOST_BYTES / 1024))"
    curl -q -g -sS --connect-timeout 5 --max-time 20 --max-filesize "$MOST_BYTES" --proto '=http,https' -o "$WORK/body" \
      -D "$WORK/headers" -w '%{http_code} %{remote_ip}' "$@" 2>"$WORK/error"
  ) || CURL_STATUS=$?
  STATUS=${line%% *}
  ADDRESS=${line#* }
  BODY=$(head -c "$MOST_BYTES" "$WORK/body" | tr -d '\0')
  HEADERS=$(head -c "$MOST_BYTES" "$WORK/headers" | tr -d '\0\r')
  CURL_ERROR=$(head -c 1000 "$WORK/error" | head -n 1)
  if ((CURL_STATUS == 23 || CURL_STATUS == 63)); then
    CURL_ERROR="the answer is longer than $MOST_BYTES bytes"
  fi
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

# The whole seconds of a member; empty where there are none. JSON has no leading zeros (RFC 8259 section 6), which bash would
# take for octal digits; 12 digits are no more than its arithmetic holds.
seconds_member() { # JSON, name
  printf '%s' "$1" | tr '\n' ' ' |
    sed -n "s/.*[{,][[:space:]]*\"$2\"[[:space:]]*:[[:space:]]*\([1-9][0-9]\{0,11\}\)[[:space:]]*[,}].*/\1/p"
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
