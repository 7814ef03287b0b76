# The step verify: is the service there, for everybody who asks for its name?
# shellcheck shell=bash disable=SC2034  # What is set here is read in other parts.

step_verify() {
  local COMMAND AFTER
  local certificate=(gcloud compute ssl-certificates describe "$CERTIFICATE" --global "$IN_PROJECT"
    '--format=value(managed.status,managed.domainStatus)')
  local metadata=(curl -sS --fail --location --max-time 30 "https://$FQDN/")
  if $DRY_RUN; then
    lookup_command address
    command_line "${COMMAND[@]}"
    command_line "${certificate[@]}"
    command_line "${metadata[@]}"
    return
  fi
  verify_address
  verify_certificate "${certificate[@]}"
  verify_metadata "${metadata[@]}"
  note next "java -jar target/token-service.jar doctor https://$FQDN --cert CLIENT.pem --key CLIENT.key checks the service from the side of a client"
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
    refuse "it is $(printable "${found:-not there}"), and should be ${KNOWN[address]}" \
      "make the record $FQDN. A ${KNOWN[address]} in your public DNS zone; it takes up to the old record's lifetime to be seen"
  keep
}

# A certificate that was uploaded has no status.
verify_certificate() { # command
  TASK="the certificate $CERTIFICATE"
  INPUT='' attempt "$@" || give_up "$@"
  case $OUTPUT in
    '' | $'\t' | ACTIVE*) keep ;;
    PROVISIONING*)
      refuse "Google has not issued it yet: $(printable "${OUTPUT:0:300}")" \
        "wait: from the time that $FQDN points to the load balancer it takes Google up to an hour, seldom a day"
      ;;
    *)
      refuse "Google does not issue it: $(printable "${OUTPUT:0:300}")" \
        "see that $FQDN has no other A or AAAA record, and that a CAA record, if there is one, allows pki.goog"
      ;;
  esac
}

verify_metadata() { # command
  local issuer="\"issuer\":\"https://$FQDN\""
  TASK="the discovery document at https://$FQDN"
  INPUT='' attempt "$@" || give_up "$@"
  [[ ${OUTPUT//[[:space:]]/} == *"$issuer"* ]] ||
    refuse "its issuer is not https://$FQDN: $(printable "${OUTPUT:0:300}")" "see that the manifest sets TOKEN_ISSUER, and run the step app"
  keep
}
