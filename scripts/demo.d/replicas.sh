# The part of scripts/demo with several replicas, which share a folder of keys behind HAProxy.
# shellcheck shell=bash
# shellcheck disable=SC2034 # scripts/demo uses what is set here

# With cache times of seconds, a rotation takes seconds.
ROTATION=(KEY_CACHE_TIME=2s KEY_PUBLISH_LEAD=2s TOKEN_VALIDITY=10)
ROTATIONS=3
PORTS=()
PIDS=()
CLIENTS=()

keys() { # arguments of the command keys
  env -i "PATH=$PATH" "HOME=${HOME:-/}" "${ROTATION[@]}" "$JAVA" -jar "$JAR" keys "$@" || fail "keys $1 failed"
}

start_replica() { # number
  SERVICE_LOG=$WORK/replica-$1.log
  start_service "PORT=${PORTS[$1]}" "SIGNING_KEYS=$WORK/keys" "${ROTATION[@]}"
  PIDS[$1]=${PROCESSES[-1]}
}

# HAProxy probes the readiness of each replica. If a replica fails, HAProxy sends the request to another one, because a
# token request can be repeated safely.
start_replicas() { # how many
  local number port
  port=$(free_port)
  BASE=https://localhost:$port
  SECRET=$(openssl rand -hex 24)
  BACKEND=$'    option httpchk GET /health-check?type=ready\n    option redispatch\n    retry-on all-retryable-errors\n'
  keys generate "$WORK/keys" | indent
  for ((number = 1; number <= $1; number++)); do
    PORTS[number]=$(free_port)
    start_replica "$number"
    BACKEND+=$"    server replica-$number 127.0.0.1:${PORTS[number]} check inter 500ms"$'\n'
  done
  start_proxy "$port"
}

# Writes one answer and its status on each line.
load() { # number
  while [[ -e $WORK/load ]]; do
    get --cert "$WORK/valid.pem" --key "$WORK/valid.key" -d grant_type=client_credentials -w ' %{http_code}\n' \
      "$BASE/token" >>"$WORK/answers-$1" || true
  done
}

start_load() {
  local client
  : >"$WORK/load"
  for client in 1 2; do
    load "$client" &
    PROCESSES+=($!)
    CLIENTS+=($!)
  done
}

rotate() { # waits until the successor is old enough, and lets it sign
  local tenth
  for ((tenth = 0; tenth < 100; tenth++)); do
    keys rotate "$WORK/keys" --every 3s >"$WORK/rotated"
    ! grep -q 'signs from' "$WORK/rotated" || break
    sleep 0.1
  done
  grep 'signs from' "$WORK/rotated" | indent || fail "no key was due: $(<"$WORK/rotated")"
  sleep 3
}

rotate_under_load() {
  local rotation
  start_load
  for ((rotation = 1; rotation <= ROTATIONS; rotation++)); do
    note "rotation $rotation of $ROTATIONS:"
    rotate
    case $rotation in
      1)
        kill -KILL "${PIDS[1]}"
        wait "${PIDS[1]}" 2>/dev/null || true
        note "replica 1 was killed"
        ;;
      2)
        start_replica 1
        note "replica 1 was started again"
        ;;
    esac
  done
  rm "$WORK/load"
  wait "${CLIENTS[@]}"
}

jwk() { # kid, replica: the key as the replica publishes it
  get -f "http://127.0.0.1:${PORTS[$2]}/.well-known/jwks.json" | tr '{' '\n' | grep -F "\"kid\":\"$1\"" | sed 's/}.*//'
}

verify_load() {
  local headers header key kid replica verified
  expect_equal "the number of requests that failed" "$(cat "$WORK"/answers-* | grep -vc ' 200$' || true)" 0
  sed -n 's/.*"id_token":"\([^"]*\)".*/\1/p' "$WORK"/answers-* >"$WORK/tokens"
  mapfile -t headers < <(cut -d. -f1 "$WORK/tokens" | sort -u)
  for header in "${headers[@]}"; do
    kid=$(member "$(base64url_decode "$header")" kid)
    key=$(jwk "$kid" 1) || fail "replica 1 does not publish the key $kid"
    for replica in "${!PORTS[@]}"; do
      [[ $(jwk "$kid" "$replica") == "$key" ]] || fail "replica $replica does not publish the key $kid"
    done
    public_key "$(member "$key" n)" "$(member "$key" e)" "$WORK/key.pem"
    verified=0
    while IFS=. read -r TOKEN_HEADER TOKEN_CLAIMS TOKEN_SIGNATURE; do
      signature_is_valid "$TOKEN_HEADER.$TOKEN_CLAIMS" || fail "a token does not match the key $kid"
      verified=$((verified + 1))
    done < <(grep -F "$header." "$WORK/tokens")
    note "ok: $verified tokens match the key $kid, which each replica publishes"
  done
  expect_equal "the number of keys that signed" "${#headers[@]}" $((ROTATIONS + 1))
}
