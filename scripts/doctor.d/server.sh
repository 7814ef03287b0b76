# What scripts/doctor sees of the server: DNS, TLS, metadata, keys, ingress.
# shellcheck shell=bash

WELL_KNOWN=/.well-known/openid-configuration
ALLOW_MISSING='clientValidationMode: ALLOW_INVALID_OR_MISSING_CLIENT_CERT in the server TLS policy: gcloud network-security
  server-tls-policies describe token-service-mtls --location=global'

# Whether there is anybody to ask.
check_dns() {
  ask_service "$BASE$WELL_KNOWN"
  case $CURL_STATUS in
    6)
      failed dns "$HOST has no address: $CURL_ERROR" "add a DNS record for $HOST to the address of: gcloud compute addresses describe token-service-ip --global --format='value(address)'"
      return 1
      ;;
    7 | 28)
      ok dns "$HOST has an address"
      failed connection "nobody answers: $CURL_ERROR" "see that a forwarding rule leads there: gcloud compute forwarding-rules describe token-service-https --global"
      return 1
      ;;
  esac
  ok dns "$HOST is $ADDRESS"
  ok connection "port $PORT of $ADDRESS answers"
}

# Whether clients may go on: an expired certificate, or another's, is theirs to refuse.
check_tls() {
  if [[ $BASE == http:* ]]; then
    warn tls "$BASE is not encrypted: good on this machine only" "use https"
    skipped tls-expiry "$BASE is not encrypted"
    return
  fi
  local name=-verify_hostname report code protocol
  [[ $HOST =~ ^[0-9.]+$|^\[ ]] && name=-verify_ip
  local options=(-connect "$HOST:$PORT" "$name" "${HOST//[\[\]]/}")
  [[ $name == -verify_ip ]] || options+=(-servername "$HOST")
  [[ -z $CA_FILE ]] || options+=(-CAfile "$CA_FILE")
  report=$(bounded openssl s_client "${options[@]}" </dev/null 2>&1 | head -c "$MOST_BYTES" | tr -d '\0') || true
  printf '%s' "$report" | openssl x509 -out "$WORK/server.pem" 2>/dev/null || true
  if [[ ! -s $WORK/server.pem ]]; then
    failed tls "the server shows no certificate: $CURL_ERROR" "see that the certificate is active: gcloud compute ssl-certificates describe token-service"
    skipped tls-expiry "the server shows no certificate"
    return 1
  fi
  protocol=$(printf '%s\n' "$report" | sed -n 's/^ *Protocol *: *//p; s/^New, \(TLSv[0-9.]*\),.*/\1/p' | head -n 1)
  code=$(printf '%s\n' "$report" | sed -n 's/^ *Verify return code: *//p' | head -n 1)
  check_chain "$code" "${protocol:-unknown}"
  check_expiry
  [[ $code == '0 '* ]]
}

check_chain() { # verify return code with its text, protocol
  local subject
  subject=$(openssl x509 -in "$WORK/server.pem" -noout -subject -issuer | paste -sd ' ' -)
  if [[ $1 != '0 '* ]]; then
    failed tls "the certificate is not accepted: ${1:-no reason given}; $subject" "$(chain_remedy "${1%% *}")"
  elif [[ $2 != TLSv1.[23] ]]; then
    warn tls "the connection has $2; $subject" "let the server speak TLS 1.2 and 1.3 only"
  else
    ok tls "$2; $subject"
  fi
}

chain_remedy() { # verify return code
  case $1 in
    18 | 19 | 20 | 21 | 2) echo "serve the certificate with its intermediate authorities, or name your own authority with --cacert FILE" ;;
    62 | 64) echo "get a certificate for $HOST: gcloud compute ssl-certificates create token-service --domains=$HOST --global" ;;
    10) echo "renew the certificate" ;;
    *) echo "openssl s_client -connect $HOST:$PORT -servername $HOST -showcerts" ;;
  esac
}

check_expiry() {
  local days end
  days=$(days_left "$WORK/server.pem")
  end=$(openssl x509 -in "$WORK/server.pem" -noout -enddate)
  if ((days < 0)); then
    failed tls-expiry "the server's certificate is expired: $end" "renew the certificate"
  elif ((days < 15)); then
    warn tls-expiry "the server's certificate has $days days left: $end" "renew it, or see why it is not renewed: gcloud compute ssl-certificates describe token-service"
  else
    ok tls-expiry "the server's certificate has $days days left"
  fi
}

# Whole days until a certificate ends, at most 4095; -1 where it has ended. By halves, as date(1) differs between systems.
days_left() { # file
  local days=0 step
  if ! openssl x509 -in "$1" -noout -checkend 0 >/dev/null; then
    echo -1
    return
  fi
  for ((step = 2048; step > 0; step /= 2)); do
    ! openssl x509 -in "$1" -noout -checkend $(((days + step) * 86400)) >/dev/null || days=$((days + step))
  done
  echo "$days"
}

# Leaves the metadata in METADATA.
check_discovery() {
  METADATA=
  ask_service "$BASE$WELL_KNOWN"
  local issuer
  issuer=$(member "$BODY" issuer)
  if ((CURL_STATUS != 0)); then
    failed discovery "$BASE$WELL_KNOWN cannot be read without a client certificate: $CURL_ERROR" "$ALLOW_MISSING"
  elif [[ $STATUS != 200 ]]; then
    failed discovery "$BASE$WELL_KNOWN answers $STATUS" "$(discovery_remedy "$STATUS")"
  elif ! is_object "$BODY" || [[ -z $issuer ]]; then
    failed discovery "$BASE$WELL_KNOWN is no JSON object with an issuer" "see who answers there: curl -v $BASE$WELL_KNOWN"
  elif [[ $issuer != "$URL" && ${issuer%/} == "${URL%/}" ]]; then
    METADATA=$BODY
    warn discovery "the issuer is $issuer, and you said $URL: relying parties take the slash seriously" "register $issuer with relying parties, or set TOKEN_ISSUER=$URL"
  elif [[ $issuer != "$URL" ]]; then
    METADATA=$BODY
    failed discovery "the issuer is $issuer, and should be $URL" "TOKEN_ISSUER=$URL"
  elif [[ -z $(member "$BODY" jwks_uri) || $(member "$BODY" token_endpoint) != "$BASE/token" ]]; then
    failed discovery "token_endpoint is '$(member "$BODY" token_endpoint)' and jwks_uri is '$(member "$BODY" jwks_uri)'" "see who answers there: curl -v $BASE$WELL_KNOWN"
  else
    METADATA=$BODY
    ok discovery "the issuer is $issuer, to the letter"
  fi
}

discovery_remedy() { # status
  case $1 in
    401 | 403) echo "let everybody call the service, which authenticates clients itself: gcloud run services add-iam-policy-binding token-service --member=allUsers --role=roles/run.invoker" ;;
    404) echo "see that the URL map leads every path to the service: gcloud compute url-maps describe token-service" ;;
    502 | 503 | 504) echo "see whether the service runs, and its log: gcloud run services describe token-service" ;;
    *) echo "see who answers there: curl -v $BASE$WELL_KNOWN" ;;
  esac
}

check_jwks() {
  local uri
  uri=$(member "$METADATA" jwks_uri)
  if [[ -z $uri ]]; then
    skipped jwks "there is no discovery document to name it"
    return
  fi
  # It becomes an argument of curl, and stands in a remedy that is copied into a shell.
  if [[ ! $uri =~ ^https?://[][A-Za-z0-9._~:/@%?=\&+-]+$ ]]; then
    failed jwks "jwks_uri is no URL that can be asked for: $uri" "see who answers there: curl -v $BASE$WELL_KNOWN"
    return
  fi
  if [[ $uri == "$BASE"/* ]]; then
    ask_service "$uri"
  else
    ask "$uri"
  fi
  local keys
  keys=$(printf '%s' "$BODY" | tr -d ' \n' | { grep -o '"kid":"[^"]*"' || true; } | wc -l | tr -d ' ')
  if ((CURL_STATUS != 0)); then
    failed jwks "$uri cannot be read: $CURL_ERROR" "curl -v '$uri'"
  elif [[ $STATUS != 200 || $keys == 0 ]]; then
    failed jwks "$uri answers $STATUS with $keys keys" "see that the service has its signing keys, or that its service account still exists"
  else
    ok jwks "keys at $uri: $keys"
  fi
}

# Whoever reaches the service past the load balancer can write the certificate headers.
check_ingress() {
  if [[ -z $RUN_URL ]]; then
    skipped ingress "--run-url is not given; find it with: gcloud run services describe token-service --format='value(status.url)'"
    return
  fi
  ask --data grant_type=client_credentials "${RUN_URL%/}/token"
  if ((CURL_STATUS != 0)); then
    ok ingress "$RUN_URL cannot be reached from here: $CURL_ERROR"
  elif [[ $STATUS == 404 || $STATUS == 403 ]] && [[ -z $(member "$BODY" error) ]]; then
    ok ingress "$RUN_URL answers $STATUS, before the service"
  else
    failed ingress "$RUN_URL answers $STATUS, from the service itself: the load balancer can be passed by" "gcloud run services update token-service --ingress=internal-and-cloud-load-balancing"
  fi
}
