# The step mtls: the load balancer verifies client certificates, and tells the service about them.
# shellcheck shell=bash disable=SC2034  # Other parts read these variables.

PROXY_SECRET_HEADER=X-Token-Service-Proxy

step_mtls() {
  ensure_trust_config
  ensure_tls_policy
  ensure_policy_of_proxy
  ensure_headers
}

# Prints the certificates as a YAML list.
yaml_certificates() { # certificates
  local certificate line
  for certificate in "$@"; do
    printf '  - pemCertificate: |\n'
    while read -r line; do printf '      %s\n' "$line"; done <<<"$certificate"
  done
}

trust_config() {
  printf 'name: %s\ntrustStores:\n- trustAnchors:\n' "$TRUST_CONFIG"
  yaml_certificates "${CAS[@]}"
  if ((${#INTERMEDIATE_CAS[@]} > 0)); then
    printf '  intermediateCas:\n'
    yaml_certificates "${INTERMEDIATE_CAS[@]}"
  fi
}

# Prints the lines that gcloud prints for these certificates, but without line breaks and quotes in the values.
flat_certificates() { # name, certificates
  local name=$1 certificate index=0
  shift
  for certificate in "$@"; do
    printf 'trustStores[0].%s[%d].pemCertificate: %s\n' "$name" "$index" "${certificate//[[:space:]]/}"
    index=$((index + 1))
  done
}

ensure_trust_config() {
  local lines
  TASK="the trusted authorities $TRUST_CONFIG"
  look gcloud certificate-manager trust-configs describe "$TRUST_CONFIG" --location=global "$IN_PROJECT" "$FLAT"
  FOUND=$(sed '/pemCertificate: / { s/\\n//g; s/"//g; s/\([A-Z]\) CERT/\1CERT/g; }' <<<"$FOUND")
  mapfile -t lines < <(flat_certificates trustAnchors "${CAS[@]}"; flat_certificates intermediateCas "${INTERMEDIATE_CAS[@]}")
  if has_only 'trustStores[' "${lines[@]}"; then
    keep
  else
    INPUT=$(trust_config)$'\n' change "import" gcloud certificate-manager trust-configs import "$TRUST_CONFIG" \
      --location=global --quiet "$IN_PROJECT"
  fi
}

ensure_tls_policy() {
  # A stricter mode would shut out relying parties, which read the discovery document without a certificate.
  local mode=ALLOW_INVALID_OR_MISSING_CLIENT_CERT trust=locations/global/trustConfigs/$TRUST_CONFIG
  TASK="the TLS policy $TLS_POLICY"
  look gcloud network-security server-tls-policies describe "$TLS_POLICY" --location=global "$IN_PROJECT" "$FLAT"
  if has "mtlsPolicy.clientValidationMode: $mode" && refers mtlsPolicy.clientValidationTrustConfig "$trust"; then
    keep
    return
  fi
  local policy=(
    "name: $TLS_POLICY"
    "mtlsPolicy:"
    "  clientValidationMode: $mode"
    "  clientValidationTrustConfig: projects/$PROJECT/$trust"
  )
  INPUT=$(printf '%s\n' "${policy[@]}")$'\n' change "import" \
    gcloud network-security server-tls-policies import "$TLS_POLICY" --location=global --quiet "$IN_PROJECT"
}

ensure_policy_of_proxy() {
  TASK="the TLS policy of the HTTPS proxy $HTTPS_PROXY_NAME"
  look gcloud compute target-https-proxies describe "$HTTPS_PROXY_NAME" --global "$IN_PROJECT" "$FLAT"
  if refers serverTlsPolicy "locations/global/serverTlsPolicies/$TLS_POLICY"; then
    keep
  else
    change "update" gcloud compute target-https-proxies update "$HTTPS_PROXY_NAME" "--server-tls-policy=$TLS_POLICY" \
      --global "$IN_PROJECT"
  fi
}

# The load balancer overwrites only these headers. A client could forge any other.
certificate_headers() {
  cat <<'HEADERS'
X-Client-Cert-Present:{client_cert_present}
X-Client-Cert-Chain-Verified:{client_cert_chain_verified}
X-Client-Cert-Error:{client_cert_error}
X-Client-Cert-Hash:{client_cert_sha256_fingerprint}
X-Client-Cert-Serial-Number:{client_cert_serial_number}
X-Client-Cert-SPIFFE:{client_cert_spiffe_id}
X-Client-Cert-URI-SANs:{client_cert_uri_sans}
X-Client-Cert-DNSName-SANs:{client_cert_dnsname_sans}
X-Client-Cert-Valid-Not-Before:{client_cert_valid_not_before}
X-Client-Cert-Valid-Not-After:{client_cert_valid_not_after}
X-Client-Cert-Leaf:{client_cert_leaf}
HEADERS
}

# Prints the other headers of the backend service, which the update must keep.
other_headers() {
  local line header
  while IFS= read -r line; do
    [[ $line == 'customRequestHeaders['*']: '* ]] || continue
    header=${line#*']: '}
    case "${header%%:*}" in
      X-Client-Cert-* | "$PROXY_SECRET_HEADER") ;;
      *) printf '%s\n' "$header" ;;
    esac
  done <<<"$FOUND"
}

# The headers hold the secret. They are in a document, because every user of the machine can read a command line.
ensure_headers() {
  local headers header lines=() index=0 document
  TASK="the headers and the log of the backend service $BACKEND"
  look gcloud compute backend-services describe "$BACKEND" --global "$IN_PROJECT" "$FLAT"
  mapfile -t headers < <(certificate_headers; printf '%s:@{proxy-secret}\n' "$PROXY_SECRET_HEADER"; other_headers)
  document="name: $BACKEND"$'\n'"loadBalancingScheme: $SCHEME"$'\n'"customRequestHeaders:"$'\n'
  for header in "${headers[@]}"; do
    document+="- '${header//\'/\'\'}'"$'\n'
    if ! absent; then resolve "$header"; fi
    lines+=("customRequestHeaders[$index]: ${RESOLVED:-}")
    index=$((index + 1))
  done
  document+=$'logConfig:\n  enable: true\n  sampleRate: 1.0\n'
  if has_only 'customRequestHeaders[' "${lines[@]}" "logConfig.enable: True" "logConfig.sampleRate: 1.0"; then
    keep
  else
    INPUT=$document change "import" gcloud compute backend-services import "$BACKEND" --global --quiet "$IN_PROJECT"
    note note "it can take an hour until the load balancer sends the new headers everywhere"
  fi
}
