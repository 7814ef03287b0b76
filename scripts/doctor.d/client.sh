# What scripts/doctor gets as a client: nothing without a certificate, and a token with one.
# shellcheck shell=bash

FORGED_ID=spiffe://forged.example/doctor
HEADERS_REMEDY="set all ten custom request headers of the backend service: gcloud compute backend-services describe
  token-service-backend --global --format='value(customRequestHeaders)'"

# What a forger would send: every header of every dialect, in its proper form.
FORGED=(
  -H 'X-Client-Cert-Present: true'
  -H 'X-Client-Cert-Chain-Verified: true'
  -H 'X-Client-Cert-Error;'
  -H 'X-Client-Cert-Hash: 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU'
  -H "X-Client-Cert-Spiffe: $FORGED_ID"
  -H 'X-Client-Cert-DNSName-SANs: Zm9yZ2VkLmV4YW1wbGU='
  -H 'X-Client-Cert-URI-SANs: aHR0cHM6Ly9mb3JnZWQuZXhhbXBsZS8='
  -H 'X-Client-Cert-Serial-Number: 01'
  -H 'X-Client-Cert-Valid-Not-Before: 2020-01-01T00:00:00+00:00'
  -H 'X-Client-Cert-Valid-Not-After: 2099-01-01T00:00:00+00:00'
)

ask_token() { # arguments for curl
  ask_service --data grant_type=client_credentials "$@" "$BASE/token"
}

check_no_certificate() {
  ask_token
  local what="without a certificate $BASE/token answers $STATUS"
  if ((CURL_STATUS == 35 || CURL_STATUS == 52 || CURL_STATUS == 55 || CURL_STATUS == 56)); then
    ok no-certificate "without a certificate there is no connection: $CURL_ERROR"
  elif ((CURL_STATUS != 0)); then
    failed no-certificate "there is no answer: $CURL_ERROR" "see the log of the service"
  elif [[ $STATUS == 2* ]]; then
    failed no-certificate "$what: everybody gets a token" "see which certificate the load balancer shows of itself, and $HEADERS_REMEDY"
  elif [[ $STATUS != 401 || $(member "$BODY" error) != invalid_client || -z $(member "$BODY" error_description) ]]; then
    failed no-certificate "$what, and not 401 with the JSON error invalid_client" "see who answers there: curl -v -d grant_type=client_credentials $BASE/token"
  elif [[ $(header cache-control) != *no-store* ]]; then
    warn no-certificate "$what, and may be kept by a cache: Cache-Control is '$(header cache-control)'" "let the load balancer's CDN leave /token alone"
  else
    ok no-certificate "$what: $(member "$BODY" error_description)"
  fi
}

check_forged_headers() {
  ask_token "${FORGED[@]}"
  local what="with certificate headers of our own, and no certificate, $BASE/token answers $STATUS"
  if [[ $STATUS == 2* ]]; then
    failed forged-headers "$what: whoever reaches it is whoever he says" "$HEADERS_REMEDY; set PROXY_SECRET; and keep everybody but the load balancer from the service: gcloud run services update token-service --ingress=internal-and-cloud-load-balancing"
    return
  elif ((CURL_STATUS == 0)) && [[ $STATUS != 4* ]]; then
    warn forged-headers "$what" "see the log of the service"
    return
  fi
  if [[ -n $CERTIFICATE ]]; then
    ask_token "${CLIENT[@]}" "${FORGED[@]}"
    if [[ $STATUS == 2* && $(claims "$(member "$BODY" id_token)") == *"$FORGED_ID"* ]]; then
      failed forged-headers "a client with a certificate is called what it says in a header" "$HEADERS_REMEDY"
      return
    fi
  fi
  ok forged-headers "certificate headers of our own are refused, or overwritten"
}

check_token() {
  if [[ -z $CERTIFICATE ]]; then
    skipped token "--cert and --key are not given"
    skipped token-claims "--cert and --key are not given"
    return
  fi
  ask_token "${CLIENT[@]}"
  local token reason
  token=$(member "$BODY" id_token)
  reason=$(member "$BODY" error_description)
  if ((CURL_STATUS != 0)); then
    failed token "with the certificate there is no answer: $CURL_ERROR" "see that --cert and --key belong together and are PEM: openssl x509 -in '$CERTIFICATE' -noout -subject"
  elif [[ $STATUS == 200 && $token == *.*.* ]]; then
    ok token "with the certificate $BASE/token answers 200 with a token"
    check_claims "$token"
    return
  else
    failed token "with the certificate $BASE/token answers $STATUS $(member "$BODY" error): ${reason:-no description}" "$(token_remedy "$reason")"
  fi
  skipped token-claims "there is no token"
}

# Which part of the way of the certificate is broken: the service says what reached it, and what did not.
token_remedy() { # error_description
  case $STATUS:$1 in
    401:*'was verified for this connection'*) echo "the headers do not arrive, or are named otherwise in MTLS_HEADER_CLIENT_CERT_PRESENT and its like: $HEADERS_REMEDY" ;;
    401:*'came without one'*) echo "the load balancer does not ask for certificates: attach the server TLS policy to the target proxy (serverTlsPolicy): gcloud compute target-https-proxies describe token-service-proxy --global" ;;
    401:*'not meant for client'*) echo "issue the certificate with the extended key usage clientAuth: openssl x509 -in '$CERTIFICATE' -noout -ext extendedKeyUsage" ;;
    401:*'not issued by a trusted'*) untrusted_remedy ;;
    401:*'operator has to act'*) echo "the server TLS policy names a trust config that is not there: gcloud certificate-manager trust-configs describe token-service-ca" ;;
    401:*'is not sound'*) echo "the log of the service names the header that contradicts another: $HEADERS_REMEDY" ;;
    401:*'through the load balancer'*) echo "PROXY_SECRET and the constant custom request header of the load balancer differ, or TRUSTED_PROXIES lacks its address, or none of PROXY_SECRET, TRUSTED_PROXIES and PROXY_CERTIFICATES is set: the log of the service says which" ;;
    401:*'expires within'* | 401:*'not valid yet'*) echo "renew the certificate: openssl x509 -in '$CERTIFICATE' -noout -dates" ;;
    401:*'client id'*) echo "the certificate lacks what MTLS_HEADER_CLIENT_ID names: openssl x509 -in '$CERTIFICATE' -noout -ext subjectAltName" ;;
    400:*) echo "set TOKEN_AUDIENCE, TOKEN_ISSUER or the workload identity provider: java -jar token-service.jar doctor, where the service runs" ;;
    5*) echo "run the other half where the service runs: java -jar token-service.jar doctor" ;;
    *) echo "see the log of the service: it names the reason and the setting" ;;
  esac
}

untrusted_remedy() {
  if ! openssl x509 -in "$CERTIFICATE" -noout -checkend 0 >/dev/null; then
    echo "the certificate is expired: renew it"
    return
  fi
  echo "add its authority $(openssl x509 -in "$CERTIFICATE" -noout -issuer), and the intermediates up to the root, to the trust config: gcloud certificate-manager trust-configs describe token-service-ca; or send the intermediates along in --cert"
}

# The claims of a token; never its signature.
claims() { # token
  local rest=${1#*.}
  [[ $1 != *.*.* ]] || base64url_decode "${rest%%.*}" 2>/dev/null || true
}

check_claims() { # token
  local text issuer end left what
  text=$(claims "$1")
  issuer=$(member "$text" iss)
  end=$(seconds_member "$text" exp)
  if [[ -z $end ]]; then
    failed token-claims "iss $issuer: exp is no whole number of seconds" "see who answers there: curl -v $BASE/token"
    return
  fi
  left=$((end - $(date +%s)))
  what="iss $issuer, aud $(member "$text" aud), sub $(member "$text" sub), ends in $left s"
  if [[ $issuer != $(member "$METADATA" issuer) ]]; then
    failed token-claims "$what: the issuer is not that of the discovery document" "TOKEN_ISSUER=$URL"
  elif ((left <= 0)); then
    failed token-claims "$what: it has ended already" "set the clocks right, here and there: date -u"
  elif ((left > 43260)); then
    warn token-claims "$what: more than the 12 hours that there can be" "set the clocks right, here and there: date -u"
  else
    ok token-claims "$what"
  fi
}
