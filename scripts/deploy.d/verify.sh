# The step verify: checks that clients and relying parties reach the service by its name.
# shellcheck shell=bash disable=SC2034  # Other parts read these variables.

step_verify() {
  local COMMAND AFTER
  local certificate=(gcloud compute ssl-certificates describe "$CERTIFICATE" --global "$IN_PROJECT"
    '--format=value(managed.status,managed.domainStatus)')
  local metadata=(curl -sS --fail --location --max-time 30 "https://$FQDN/")
  if $DRY_RUN; then
    lookup_command address
    print_command "${COMMAND[@]}"
    print_command "${certificate[@]}"
    print_command "${metadata[@]}"
    return
  fi
  verify_address
  verify_certificate "${certificate[@]}"
  verify_metadata "${metadata[@]}"
  note next "check it as a client: java -jar target/token-service.jar doctor https://$FQDN --cert CLIENT.pem --key CLIENT.key"
}

verify_address() {
  local found
  TASK="the DNS record of $FQDN"
  if ! command -v getent >/dev/null; then
    note skipped "$TASK: getent is not installed"
    return
  fi
  know address
  found=$(getent ahostsv4 "$FQDN" | awk '{ print $1; exit }') || true
  [[ $found == "${KNOWN[address]}" ]] ||
    refuse "it is $(printable "${found:-missing}"), but must be ${KNOWN[address]}" \
      "set the record $FQDN. A ${KNOWN[address]} in your public DNS zone; resolvers keep an old record until its TTL expires"
  keep
}

# An uploaded certificate has no status.
verify_certificate() { # command
  TASK="the certificate $CERTIFICATE"
  INPUT='' attempt "$@" || give_up "$@"
  case $OUTPUT in
    '' | $'\t' | ACTIVE*) keep ;;
    PROVISIONING*)
      refuse "Google has not issued it yet: $(printable "${OUTPUT:0:300}")" \
        "wait: after $FQDN points to the load balancer, Google needs up to an hour, rarely a day"
      ;;
    *)
      refuse "Google does not issue it: $(printable "${OUTPUT:0:300}")" \
        "remove every other A or AAAA record of $FQDN; if it has a CAA record, let it allow pki.goog"
      ;;
  esac
}

# No expected answer is longer. For a longer one, the command cannot write and fails.
MOST_BYTES=16777216

bounded() { "$@" | head -c "$MOST_BYTES"; } # command

verify_metadata() { # command
  local issuer="\"issuer\":\"https://$FQDN\""
  TASK="the discovery document at https://$FQDN"
  INPUT='' attempt bounded "$@" || give_up "$@"
  [[ ${OUTPUT//[[:space:]]/} == *"$issuer"* ]] ||
    refuse "its issuer is not https://$FQDN: $(printable "${OUTPUT:0:300}")" "set TOKEN_ISSUER in the manifest to https://$FQDN, and run the step app"
  keep
}
